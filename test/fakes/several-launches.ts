import { Approval } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { StrategyId } from '../../domain/ids.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { readPlan } from '../../domain/plan/read-plan.ts';
import { openBatch } from '../../domain/signature/open-batch.ts';
import { batchDigest, type SigningBatch } from '../../domain/signature/signing-batch.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { assertionOf } from './passkeys.ts';
import { START, STRATEGY, type World, world } from './world.ts';

export const THREE = [STRATEGY, StrategyId.parse('eurusd-carry'), StrategyId.parse('us-pairs')] as const;

const UNTIL = new Date(START.getTime() + 1_800_000).toISOString();
const PLAN = await readPlan(STRATEGY, world().ports);

/** The question about the launch of a strategy, as people are asked it. */
export function launchQuestion(strategy: StrategyId, changes: Partial<Approval> = {}): Approval {
  const nonce = digestOf(strategy).slice(-32);
  const document = { action: 'launch', strategy, epoch: 0, nonce, expiresAt: UNTIL, plan: PLAN };
  const runId = `launch-${strategy}-20261124-0123456789ab`;
  return Approval.parse({
    ...{ id: `${runId}-launch-confirmation`, kind: 'launch-confirmation', strategyId: strategy, runId, epoch: 0 },
    ...{ document, digest: digestOf(document), requiredRoles: ['execution-trader', 'risk-officer'], mayDecline: [] },
    ...{ excluded: [], signatures: [], status: 'open', openedAt: START.toISOString(), expiresAt: UNTIL },
    ...changes,
  });
}

/** Puts the open questions of three launches into a world. Their plans are the plans, but of those in `changed`. */
export function askThree({ store, ports }: Pick<World, 'store' | 'ports'>, changed = new Set<string>()): Approval[] {
  for (const id of THREE) store.strategies.set(id, { ...newStrategy(id), version: 1 });
  Object.assign(ports.plans, {
    now: async (id: string) => ({ plan: changed.has(id) ? { ...PLAN, commit: 'another' } : PLAN }),
  });
  const asked = THREE.map((id) => launchQuestion(id));
  for (const record of asked) store.records.set(`APPROVAL#${record.id}`, { kind: 'APPROVAL', record });
  return asked;
}

/** These questions as they are signed together, and one signature of this person over all of them. */
export function signedTogether(
  made: Pick<World, 'store' | 'ports'>,
  caller: Caller,
  asked: readonly Approval[],
  changes: Parameters<typeof assertionOf>[3] = {},
) {
  const batch: SigningBatch = openBatch(asked, made.ports.now());
  return { caller, batch, assertion: assertionOf(made, caller, batchDigest(batch), changes) };
}
