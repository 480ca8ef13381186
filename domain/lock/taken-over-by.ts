import type { RunId } from '../ids.ts';
import type { Strategy } from '../strategy.ts';

/** The launch or resumption that holds the strategy now in place of this one, if one does. A stop or a kill is none: it wants the same as whoever undoes does. */
export function takenOverBy({ run, latch, mode }: Strategy, runId: RunId): RunId | undefined {
  if (latch || mode === 'STOPPING' || run === undefined || run.id === runId) return undefined;
  return run.id;
}
