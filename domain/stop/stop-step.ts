import * as z from 'zod';
import { change, readStrategy } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusal } from '../refusal.ts';
import { RunStep, requireRun, type StepResult, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';

/** What the states of a stop hand to their Lambdas. `noneMayStay`: nobody signed that orders stay, or what was signed does not hold. */
export const StopStep = RunStep.extend({ noneMayStay: z.literal(true).optional() });
export type StopStep = z.infer<typeof StopStep>;

/** Why a step of a stop is over: a kill, or another run that has taken the strategy. A lost lease, which raises the epoch too, ends no stop. */
export const requireStop = (state: Strategy, command: RunStep, now: Date): Refusal | undefined =>
  requireRun(state, { ...command, epoch: state.epoch }, now);

/** The strategy as it is now, in the hands of this stop. Throws why it is not. */
export async function readStopping(command: RunStep, ports: Pick<Ports, 'strategies' | 'now'>): Promise<Strategy> {
  const state = await readStrategy(command.strategyId, ports);
  const over = requireStop(state, command, ports.now());
  if (over) throw over;
  return state;
}

/** One step of a stop: fenced by its run, committed once under that name, repeated safely. */
export async function stopStep<Result extends StepResult>(
  command: RunStep,
  step: string,
  decide: (state: Strategy) => Decision<Result> | Refusal | Promise<Decision<Result> | Refusal>,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Result> {
  const { strategyId, runId } = command;
  const changed = await change(
    strategyId,
    { key: `${runId}/${step}`, body: { runId, step } },
    (state) => requireStop(state, command, ports.now()) ?? decide(state),
    ports,
  );
  return withLedgerIndex(changed);
}
