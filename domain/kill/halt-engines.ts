import * as z from 'zod';
import { change, readRegistration, readStrategy } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { ActorId, RunId, StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { type RunStep, type StepResult, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { cleanReason } from './clean-reason.ts';
import { drainSpool } from './drain-spool.ts';
import { latchStrategy } from './latch-strategy.ts';
import { type InstanceStatus, pushHalt } from './push-halt.ts';

/** `strategyId` is all that a kill started by hand has to give (architecture section 5). */
export const HaltEngines = z.object({ strategyId: StrategyId, runId: RunId, reason: z.unknown().optional() });
export type HaltEngines = z.infer<typeof HaltEngines>;

const DEADLINE_MS = 3_000;
const BY_HAND = ActorId.parse('service:step-functions-console');

/**
 * First state of the kill machine: takes in what waits in the spool, latches where nobody has yet (a kill by hand), and
 * repeats the halt at the present epoch.
 */
export async function haltEngines(
  { strategyId, runId, reason }: HaltEngines,
  ports: Ports & { elapsedMs: () => number },
): Promise<RunStep & StepResult> {
  await drainSpool(strategyId, ports);
  const recorded = await ports.records.get('RUN', runId);
  const epoch = recorded
    ? (await readStrategy(strategyId, ports)).epoch
    : await killAndRecord(strategyId, runId, reason, ports);
  const latchSeenAt = ports.now().toISOString(); // the state that was just read bears the latch
  const registration = await readRegistration(strategyId, ports);
  const order = { commandId: `${runId}/halt`, epoch, reason: 'killed' };
  const instances = await pushHalt(enginesOf(registration), order, DEADLINE_MS, ports);
  const run = { strategyId, runId, epoch };
  const changed = await change(
    strategyId,
    { key: `${runId}/HaltEngines`, body: { runId } }, // not the epoch: another kill may have raised it between two tries
    (state) => ({
      state,
      entries: [
        { type: 'kill.halted', actor: ActorId.parse('service:kill'), run: runId, payload: { latchSeenAt, instances } },
      ],
      reply: { ...run, summary: summaryOf(instances), verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

/** Latches where no run is recorded. A kill that could only write unconditionally keeps its own initiator and reason. */
async function killAndRecord(
  strategyId: StrategyId,
  runId: RunId,
  reason: unknown,
  ports: Ports & { elapsedMs: () => number },
): Promise<number> {
  const own = ownKill(await readStrategy(strategyId, ports), runId);
  const command = { roles: [], runId, now: ports.now(), ...(own ?? { actor: BY_HAND, reason: cleanReason(reason) }) };
  await latchStrategy(strategyId, command, ports);
  return (await readStrategy(strategyId, ports)).epoch;
}

/** Who killed under this run, and why, as the unconditional write left it: in the latch, or in an entry that waits for the ledger. */
function ownKill({ latch, pendingEntries }: Strategy, runId: RunId): { actor: ActorId; reason: string } | undefined {
  if (latch?.runId === runId) return { actor: latch.initiatedBy, reason: latch.reason };
  const entry = pendingEntries.find(({ run }) => run === runId);
  return entry && { actor: entry.actor, reason: cleanReason(entry.payload['reason']) };
}

function summaryOf(instances: readonly InstanceStatus[]): string {
  const missing = instances.filter(({ status }) => status !== 'halted').map(({ instanceId }) => instanceId);
  return missing.length === 0
    ? `${instances.length} of ${instances.length} instances halted`
    : `not reached, bounded by their lease: ${missing.join(', ')}`;
}
