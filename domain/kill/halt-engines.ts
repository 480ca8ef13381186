import * as z from 'zod';
import { change, readRegistration, readStrategy } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { ActorId, RunId, StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { cleanReason } from './clean-reason.ts';
import { latchStrategy } from './latch-strategy.ts';
import { type InstanceStatus, pushHalt } from './push-halt.ts';

/** `strategyId` is all that a kill started by hand has to give (architecture section 5). */
export const HaltEngines = z.object({ strategyId: StrategyId, runId: RunId, reason: z.unknown().optional() });
export type HaltEngines = z.infer<typeof HaltEngines>;

const DEADLINE_MS = 3_000;

/** First state of the kill machine: latches where nobody has yet (a kill by hand), and repeats the halt at the present epoch. */
export async function haltEngines(
  { strategyId, runId, reason }: HaltEngines,
  ports: Ports & { elapsedMs: () => number },
): Promise<RunStep & StepResult> {
  const recorded = await ports.records.get('RUN', runId);
  const epoch = recorded
    ? (await readStrategy(strategyId, ports)).epoch
    : await killByHand(strategyId, runId, reason, ports);
  const registration = await readRegistration(strategyId, ports);
  const order = { commandId: `${runId}/halt`, epoch, reason: 'killed' };
  const instances = await pushHalt(enginesOf(registration), order, DEADLINE_MS, ports);
  const run = { strategyId, runId, epoch };
  const changed = await change(
    strategyId,
    stepKey(run, 'HaltEngines'),
    (state) => ({
      state,
      entries: [{ type: 'kill.halted', actor: ActorId.parse('service:kill'), run: runId, payload: { instances } }],
      reply: { ...run, summary: summaryOf(instances), verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

async function killByHand(
  strategyId: StrategyId,
  runId: RunId,
  reason: unknown,
  ports: Ports & { elapsedMs: () => number },
): Promise<number> {
  const command = {
    actor: ActorId.parse('service:step-functions-console'),
    roles: [],
    reason: cleanReason(reason),
    runId,
    now: ports.now(),
  };
  const latched = await latchStrategy(strategyId, command, ports);
  return latched?.epoch ?? (await readStrategy(strategyId, ports)).epoch;
}

function summaryOf(instances: readonly InstanceStatus[]): string {
  const missing = instances.filter(({ status }) => status !== 'halted').map(({ instanceId }) => instanceId);
  return missing.length === 0
    ? `${instances.length} of ${instances.length} instances halted`
    : `not reached, bounded by their lease: ${missing.join(', ')}`;
}
