import assert from 'node:assert/strict';
import type { Caller } from '../../domain/approval/caller.ts';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { approvalId } from '../../domain/approval/open-approval.ts';
import { askForFlip } from '../../domain/launch/ask-for-flip.ts';
import { askForTwoConfirmations } from '../../domain/launch/ask-for-two-confirmations.ts';
import { changeApprovalGate } from '../../domain/launch/change-approval-gate.ts';
import { ciHealthGate } from '../../domain/launch/ci-health-gate.ts';
import { decideGoNoGo } from '../../domain/launch/decide-go-no-go.ts';
import { deployArtifact } from '../../domain/launch/deploy-artifact.ts';
import { freezesGate } from '../../domain/launch/freezes-gate.ts';
import { lockDeployment } from '../../domain/launch/lock-deployment.ts';
import { marketReadinessGate } from '../../domain/launch/market-readiness-gate.ts';
import { openRun } from '../../domain/launch/open-run.ts';
import { probeKillPath } from '../../domain/launch/probe-kill-path.ts';
import { publishStrategyChange } from '../../domain/launch/publish-strategy-change.ts';
import { requirePreconditions } from '../../domain/launch/require-preconditions.ts';
import { riskEnvelopeGate } from '../../domain/launch/risk-envelope-gate.ts';
import { runSmokeValidation } from '../../domain/launch/run-smoke-validation.ts';
import { validateParameters } from '../../domain/launch/validate-parameters.ts';
import { leaseId } from '../../domain/lease/lease.ts';
import { signedAnswer } from './passkeys.ts';
import { type launching, REGISTRATION, RUN, risk, STRATEGY, trader, type World } from './world.ts';

export type Launching = Awaited<ReturnType<typeof launching>>;

export const gates = ({ ports, step }: Launching) =>
  Promise.all([
    changeApprovalGate(step, ports),
    ciHealthGate(step, ports),
    marketReadinessGate(step, ports),
    riskEnvelopeGate(step, ports),
    freezesGate(step, ports),
  ]);

export async function sign(
  made: World,
  kind: 'launch-confirmation' | 'flag-flip',
  caller: Caller,
  decision: 'approve' | 'decline' = 'approve',
) {
  const approval = await made.store.get('APPROVAL', approvalId({ runId: RUN }, kind));
  assert.ok(approval);
  return decideApproval(
    approval.id,
    decision === 'approve' ? signedAnswer(made, caller, approval) : { caller, decision, digest: approval.digest },
    `${caller.subject}/${kind}/${decision}`,
    made.ports,
  );
}

/** Every instance has just renewed its lease, and all its components work. */
export async function heard({ store, ports }: World): Promise<void> {
  const now = ports.now();
  const at = now.toISOString();
  const components = ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'];
  const report = { heartbeats: Object.fromEntries(components.map((each) => [each, at])) };
  for (const { instanceId } of REGISTRATION.engines) {
    const lease = { id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch: 0, report };
    const until = new Date(now.getTime() + 5_000).toISOString();
    const terms = { grantedMode: 'LAUNCHING' as const, grantedAt: at, expiresAt: until };
    await store.put({ kind: 'LEASE', record: { ...lease, ...terms } });
  }
}

/** Everything up to go/no-go, each step as its state would run it; `upTo` says which one is the last. */
export async function untilGoNoGo(made: Launching, upTo: 'confirmed' | 'published' | 'probed' = 'probed') {
  const { step, ports } = made;
  await openRun(step, ports);
  await requirePreconditions({ ...step, gates: await gates(made) }, ports);
  await lockDeployment(step, ports);
  await deployArtifact(step, ports);
  await validateParameters(step, ports);
  await askForTwoConfirmations({ ...step, taskToken: 'token-1' }, ports);
  await sign(made, 'launch-confirmation', trader);
  await sign(made, 'launch-confirmation', risk);
  if (upTo === 'confirmed') return {};
  await publishStrategyChange(step, ports);
  if (upTo === 'published') return {};
  const { smokeDigest } = await runSmokeValidation(step, ports);
  const { killPathDigest } = await probeKillPath(step, ports);
  await heard(made);
  return { smokeDigest, killPathDigest };
}

/** Everything up to the trader's flip. */
export async function untilFlip(made: Launching) {
  const { step, ports } = made;
  const { smokeDigest, killPathDigest } = await untilGoNoGo(made);
  const { goNoGoDigest } = await decideGoNoGo(step, ports);
  await askForFlip(
    {
      ...step,
      taskToken: 'token-2',
      smokeDigest: smokeDigest as never,
      killPathDigest: killPathDigest as never,
      goNoGoDigest: goNoGoDigest as never,
    },
    ports,
  );
}
