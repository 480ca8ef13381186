import { verifyApproval } from '../approval/verify-approval.ts';
import { checkThresholds } from '../dashboard/check-thresholds.ts';
import { applyOverrides } from '../override/apply-overrides.ts';
import { Refusal } from '../refusal.ts';
import { checkChangeEvent } from './check-change-event.ts';
import { checkLiveStatus, isFresh } from './check-live-status.ts';
import { checkRecorded, gatesFound } from './check-recorded.ts';
import { type Finding, finding, type GateResult, gateResult } from './finding.ts';
import type { GoNoGoEvidence, JudgedAgain } from './go-no-go-evidence.ts';

/**
 * Runbook 2, Go/No-Go criteria: the verdict on the evidence and on nothing else, so that the same evidence gives the same verdict to
 * anybody, at any time. Every part has to be there, fresh, and say go; all findings are returned.
 */
export function goNoGo(evidence: GoNoGoEvidence): GateResult {
  const gate = gateResult('go/no-go', [
    ...checkConfirmation(evidence),
    ...(evidence.machine === 'launch' ? checkChangeEvent(evidence) : []),
    ...checkRecorded(evidence),
    ...checkLiveStatus(evidence),
    ...checkDashboard(evidence),
    ...checkAgain('market', evidence.market, evidence),
    ...checkAgain('freezes', evidence.freezes, evidence),
  ]);
  return overriding(gate, evidence);
}

/** What soft no-goes become by the overrides that stood. */
function overriding(gate: GateResult, { overrides, strategy, environment, epoch, at }: GoNoGoEvidence): GateResult {
  return applyOverrides(gate, overrides, { strategyId: strategy, environment, epoch, now: new Date(at) });
}

/** Two people have signed exactly this plan, it has not expired, and the world still is what they were shown. */
function checkConfirmation({ approval, plan, epoch, demoAuthenticators, run, at }: GoNoGoEvidence): Finding[] {
  const observedAt = at;
  const verified = verifyApproval(approval ?? undefined, { epoch }, new Date(at), demoAuthenticators);
  const refused = verified instanceof Refusal ? verified : undefined;
  const about = approval?.runId === run;
  const said = refused?.message ?? (about ? `signed: ${approval?.digest}` : `it confirms ${approval?.runId}`);
  const seen = { check: 'confirmation', expected: 'two people have signed this plan', actual: said };
  const source = `approval of ${run}`;
  const hash = approval ? { hash: approval.digest } : {};
  return [
    finding(!refused && about, refused?.code ?? 'NoGo', { ...seen, evidence: { source, observedAt, ...hash } }),
    finding(plan.unchanged, 'PlanChanged', {
      ...{ check: 'plan', expected: 'as it was signed', actual: plan.said },
      evidence: { source: 'the plan as it would be now', observedAt },
    }),
  ];
}

function checkDashboard({ dashboard, measured, instances, at }: GoNoGoEvidence): Finding[] {
  const evidence = { source: 'observability/dashboards/live.yaml', observedAt: at };
  if (!dashboard)
    return [
      finding(false, 'NoGo', { check: 'dashboard', expected: 'thresholds', actual: 'none are deployed', evidence }),
    ];
  const fresh = measured.filter(({ observedAt }) => isFresh(observedAt, at));
  const each = instances.map((instanceId) => {
    const known = fresh.find((one) => one.instanceId === instanceId);
    return known ?? { instanceId, signals: {}, observedAt: at };
  });
  return checkThresholds(dashboard, each);
}

/** A gate of section 1 that is judged once more, since a halt or a freeze may have come while people signed. */
function checkAgain(check: string, judged: JudgedAgain | null, whole: GoNoGoEvidence): Finding[] {
  const { at } = whole;
  const evidence = { source: `${check}, judged again`, observedAt: judged?.at ?? at };
  if (judged && isFresh(judged.at, at)) return gatesFound(check, [overriding(judged.gate, whole)], evidence);
  const actual = judged ? `judged at ${judged.at}` : 'it could not be judged';
  return [finding(false, 'NoGo', { check, expected: 'judged now', actual, evidence })];
}
