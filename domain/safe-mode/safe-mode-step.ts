import { change, readStrategy } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import type { SafeMode } from './safe-mode.ts';

/** A strategy in the safe mode of this very run. */
export type SafeStrategy = Strategy & { readonly safeMode: SafeMode };

/** Why a run of safe mode has nothing to do any more: it was resumed, stopped or killed, or another safe mode has taken over. */
export function whyOver(
  { id, mode, latch, safeMode }: Strategy,
  { runId }: Pick<RunStep, 'runId'>,
): string | undefined {
  if (latch) return `${id} is killed: ${latch.reason}`;
  if (mode !== 'SAFE') return `${id} is ${mode}, and so in no safe mode any more`;
  if (!safeMode) return `${id} is SAFE for another reason`;
  return safeMode.runId === runId ? undefined : `${safeMode.runId} looks after ${id} now`;
}

/** The strategy as it is now, in this safe mode. Throws SafeModeOver where it is not: then the machine ends its work. */
export async function readSafe(
  command: Pick<RunStep, 'strategyId' | 'runId'>,
  ports: Pick<Ports, 'strategies'>,
): Promise<SafeStrategy> {
  return inSafeMode(await readStrategy(command.strategyId, ports), command);
}

function inSafeMode(state: Strategy, command: Pick<RunStep, 'runId'>): SafeStrategy {
  const over = whyOver(state, command);
  const { safeMode } = state;
  if (over !== undefined || !safeMode)
    throw new Refusal('SafeModeOver', String(over), 'nothing: this safe mode is over', { mode: state.mode });
  return { ...state, safeMode };
}

/** One step of a safe mode: fenced by its run, committed once under that name, repeated safely. */
export async function safeModeStep<Result extends StepResult>(
  command: RunStep,
  step: string,
  decide: (state: SafeStrategy) => Decision<Result> | Promise<Decision<Result>>,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Result> {
  const { strategyId, runId } = command;
  const changed = await change(
    strategyId,
    { key: `${runId}/${step}`, body: { runId, step } },
    (state) => decide(inSafeMode(state, command)),
    ports,
  );
  return withLedgerIndex(changed);
}
