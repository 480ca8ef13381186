import { checkKillPath } from './check-kill-path.ts';
import { type Finding, finding, type GateResult, worstVerdict } from './finding.ts';
import type { GoNoGoEvidence } from './go-no-go-evidence.ts';

/** The gates that a launch must have passed before its lock (runbook 1). */
export const PRECONDITION_GATES = [
  'change approval',
  'CI health',
  'market readiness',
  'risk envelope',
  'freezes',
] as const;

type Filed = { readonly hash: string; readonly recorded: string };

/** Runbook 1, 2.2 and 2.4 as they were recorded in this run, and the kill path as it was probed in it. A file that is not the one that was recorded proves nothing. */
export function checkRecorded(evidence: GoNoGoEvidence): Finding[] {
  const repeated =
    evidence.machine === 'launch'
      ? [...checkDeployment(evidence), ...checkSmoke(evidence), ...checkProbe(evidence)]
      : [];
  return [...checkPreconditions(evidence), ...repeated];
}

function checkPreconditions({ preconditions, machine, at }: GoNoGoEvidence): Finding[] {
  const source = 'preconditions.json';
  if (!preconditions) return [missing('preconditions', 'the gates of this run', source, at)];
  const names = machine === 'launch' ? PRECONDITION_GATES : [];
  const absent = names.filter((name) => !preconditions.gates.some(({ gate }) => gate === name));
  return [
    unaltered('preconditions', preconditions, source, at),
    ...absent.map((name) => missing(`preconditions.${name}`, 'go', source, at)),
    ...gatesFound('preconditions', preconditions.gates, { source, hash: preconditions.hash, observedAt: at }),
  ];
}

function checkDeployment({ deployment, at }: GoNoGoEvidence): Finding[] {
  const evidence = { source: 'deploy.log', observedAt: deployment?.at ?? at };
  const seen = {
    check: 'deployment',
    expected: 'every instance attests',
    actual: deployment?.summary ?? 'nothing was recorded',
    evidence,
  };
  return [finding(deployment?.verdict === 'go', 'ArtifactNotAttested', seen)];
}

function checkSmoke({ smoke, at }: GoNoGoEvidence): Finding[] {
  const source = 'smoke.json';
  if (!smoke) return [missing('smoke', 'a smoke report of this run', source, at)];
  return [
    unaltered('smoke', smoke, source, at),
    ...gatesFound('smoke', smoke.gates, { source, hash: smoke.hash, observedAt: at }),
  ];
}

function checkProbe({ killPath, run, epoch, instances, venues, at }: GoNoGoEvidence): Finding[] {
  const source = 'kill-path.json';
  if (!killPath) return [missing('kill-path', 'a rehearsal of this run', source, at, 'KillPathNotProved')];
  const { report, hash } = killPath;
  const seen = {
    ...{
      check: 'kill-path.run',
      expected: `${run} at epoch ${epoch}`,
      actual: `${report.run} at epoch ${report.epoch}`,
    },
    evidence: { source, hash, observedAt: report.to },
  };
  return [
    unaltered('kill-path', killPath, source, at),
    finding(report.run === run && report.epoch === epoch, 'KillPathNotProved', seen),
    ...checkKillPath(report, { instances, venues }, hash),
  ];
}

const missing = (
  check: string,
  expected: string,
  source: string,
  at: string,
  code: Finding['code'] = 'NoGo',
): Finding =>
  finding(false, code, { check, expected, actual: 'nothing was recorded', evidence: { source, observedAt: at } });

const unaltered = (check: string, { hash, recorded }: Filed, source: string, at: string): Finding =>
  finding(hash === recorded, 'NoGo', {
    ...{ check: `${check}.recorded`, expected: recorded, actual: hash, evidence: { source, hash, observedAt: at } },
  });

/** One finding for each gate, by the worst of what it says and of what it found: a gate that was edited to pass does not. */
export function gatesFound(check: string, gates: readonly GateResult[], evidence: Finding['evidence']): Finding[] {
  if (gates.length === 0) return [missing(check, 'at least one gate', evidence.source, evidence.observedAt)];
  return gates.map(({ gate, summary, verdict, findings }) => {
    const worst = worstVerdict([verdict, ...findings.map((each) => each.verdict)]);
    const first = findings.find((each) => each.verdict === worst);
    return {
      ...{
        check: `${check}.${gate}`,
        expected: 'go',
        actual: summary,
        verdict: findings.length === 0 ? 'no-go' : worst,
      },
      ...{ hard: first?.hard ?? true, code: first?.code ?? 'NoGo', evidence },
    };
  });
}
