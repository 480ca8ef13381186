import assert from 'node:assert/strict';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { change } from '../../../domain/change.ts';
import type { Digest, RunId } from '../../../domain/ids.ts';
import { checkFreezes } from '../../../domain/launch/check-freezes.ts';
import { gateResult } from '../../../domain/launch/finding.ts';
import { lockDeployment } from '../../../domain/launch/lock-deployment.ts';
import { validateParameters } from '../../../domain/launch/validate-parameters.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { expireLease } from '../../../domain/lease/renew-lease.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { askToResume } from '../../../domain/resume/ask-to-resume.ts';
import { checkPreconditions } from '../../../domain/resume/check-preconditions.ts';
import { decideResumption } from '../../../domain/resume/decide-resumption.ts';
import { openResumption } from '../../../domain/resume/open-resumption.ts';
import { reconcile } from '../../../domain/resume/reconcile.ts';
import { type RequestResume, requestResume } from '../../../domain/resume/request-resume.ts';
import { runName } from '../../../domain/run-name.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { heard } from '../../fakes/launch-steps.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import {
  ARTIFACT,
  LIMITS,
  PARAMETERS,
  REGISTRATION,
  RUN,
  risk,
  STRATEGY,
  stateOf,
  trader,
  type World,
  world,
} from '../../fakes/world.ts';

export const LOADED = {
  artifactDigest: ARTIFACT,
  limitsDigest: digestOf(LIMITS),
  parametersDigest: digestOf(PARAMETERS),
};

export const leaseOf = (made: World, instanceId: string, epoch: number) => ({
  ...{ id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch, grantedMode: 'ACTIVE' as const },
  grantedAt: made.clock.now.toISOString(),
  expiresAt: new Date(made.clock.now.getTime() + 5_000).toISOString(),
  report: LOADED,
});

/** A strategy that was live, until one of its engines let its lease run out: SAFE at epoch 1, its flag still on. */
export async function safeWorld(): Promise<World> {
  const made = world();
  const run = { id: RUN, ticket: 'TP-1' };
  made.store.strategies.set(STRATEGY, { ...stateOf(made), ...LOADED, mode: 'ACTIVE', run, maxOrdersPerSec: 4 });
  made.flags.live = true;
  made.engines.positions = async () => [];
  made.venues.positions = async () => [];
  const lease = leaseOf(made, 'btc-momentum-1', 0);
  await change(STRATEGY, { key: 'expiry', body: 0 }, (state) => expireLease(state, lease, 'not-renewed'), made.ports);
  return made;
}

export const asking = (made: World, more: Partial<RequestResume> = {}): RequestResume => ({
  ...{ caller: trader, runId: runName('resume', STRATEGY, 'first', made.clock.now) },
  ...{ request: { reason: 'the network is back' }, latches: [], under: undefined, now: made.clock.now },
  freezes: gateResult('freezes', checkFreezes([], made.clock.now)),
  ...more,
});

/** As `POST /v1/strategies/{id}/resumptions` leaves it. */
export async function requested(made: World, more: Partial<RequestResume> = {}): Promise<RunStep> {
  const decision = requestResume(stateOf(made), asking(made, more));
  assert.ok(!(decision instanceof Refusal), String(decision));
  await made.store.commit(stateOf(made), decision, made.clock.now);
  return { strategyId: STRATEGY, runId: decision.reply.runId, epoch: decision.reply.epoch };
}

export async function sign(made: World, runId: RunId, caller: Caller) {
  const approval = await made.store.get('APPROVAL', approvalId({ runId }, 'resume'));
  assert.ok(approval);
  return decideApproval(approval.id, signedAnswer(made, caller, approval), `${caller.subject}/resume`, made.ports);
}

/** Every state up to the question; answers what later states are handed. */
export async function untilAsked(made: World, step: RunStep): Promise<RunStep & { reconciliationDigest: Digest }> {
  await openResumption(step, made.ports);
  await checkPreconditions(step, made.ports);
  const { strategyId, runId, epoch, locked } = await lockDeployment(step, made.ports);
  const held = { strategyId, runId, epoch, locked };
  const { reconciliationDigest } = await reconcile(held, made.ports);
  await validateParameters(held, made.ports);
  await askToResume({ ...held, taskToken: 'token', reconciliationDigest }, made.ports);
  return { ...held, reconciliationDigest };
}

/** Every state up to the one that arms. */
export async function untilArmed(made: World, step: RunStep): Promise<RunStep> {
  const held = await untilAsked(made, step);
  for (const caller of [trader, risk]) await sign(made, held.runId, caller);
  await heard(made);
  await decideResumption(held, made.ports);
  return held;
}

export const leasesRenewed = async (made: World): Promise<void> => {
  for (const { instanceId } of REGISTRATION.engines)
    await made.store.put({ kind: 'LEASE', record: leaseOf(made, instanceId, stateOf(made).epoch) });
};
