import type { Retrier, State } from '../definition/machine.ts';
import { StateFailure } from '../failure.ts';
import { deleteInnerLines } from '../journal/lines.ts';
import { releaseTask } from '../tasks/release-task.ts';
import { evaluation } from './context.ts';
import { emit } from './history.ts';
import { leaveState, prepareDeparture } from './leave-state.ts';
import { commit, current, type FinalFailure, type Line, save } from './line.ts';
import { matchesError } from './match-error.ts';
import { retryDelay } from './retry-delay.ts';

/** Writes a failure and, in the same transaction, either when the state is tried again or that the failure is final. */
export function recordFailure(line: Line, failure: StateFailure): void {
  const { state, visit } = current(line);
  const chosen = retrierFor(state, failure, visit.spent);
  commit(line, () => {
    const { event, closing } = failure;
    if (event) emit(line, event.type, event.details, event.previous);
    clearAttempt(line);
    if (chosen) {
      const { clock, random } = line.run.engine.ports;
      const spent = visit.spent[chosen.index] ?? 0;
      visit.spent[chosen.index] = spent + 1;
      visit.retries += 1;
      visit.retryAt = clock.now() + retryDelay(chosen.retrier, spent, random);
    } else {
      if (closing) emit(line, closing.type, closing.details, closing.previous);
      visit.failure = stored(failure);
    }
    save(line);
  });
}

/** Forgets what the failed attempt had under way. */
function clearAttempt(line: Line) {
  const { visit } = current(line);
  releaseTask(line);
  delete visit.task;
  if (!visit.fan) return;
  delete visit.fan;
  deleteInnerLines(line.run.engine.journal, line.run.id, line.path);
  line.inner.clear();
}

function retrierFor(state: State, failure: StateFailure, spent: Readonly<Record<number, number>>) {
  const retriers: readonly Retrier[] = ('Retry' in state && state.Retry) || [];
  const index = retriers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
  const retrier = retriers[index];
  return retrier && (spent[index] ?? 0) < (retrier.MaxAttempts ?? 3) ? { retrier, index } : undefined;
}

function stored({ error, cause, onlyByName, alias }: StateFailure): FinalFailure {
  return {
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(onlyByName && { onlyByName }),
    ...(alias !== undefined && { alias }),
  };
}

/**
 * Leaves the state by the first catcher that takes its final failure, and returns the next state; without one the
 * failure rejects. So does a failure inside the catcher, which is not caught again.
 */
export async function catchFailure(line: Line, final: FinalFailure): Promise<string | undefined> {
  const { state } = current(line);
  const failure = new StateFailure(final);
  const catchers = ('Catch' in state && !final.uncaught && state.Catch) || [];
  const index = catchers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
  const catcher = catchers[index];
  if (!catcher) throw failure;
  try {
    const evaluated = evaluation(line, { errorOutput: failure.output });
    const departure = await prepareDeparture(catcher, {
      evaluation: evaluated,
      fallback: failure.output,
      field: `Catch[${index}]/`,
    });
    leaveState(line, departure);
    return departure.next;
  } catch (error) {
    if (error instanceof StateFailure) recordUncaught(line, error);
    throw error;
  }
}

function recordUncaught(line: Line, failure: StateFailure) {
  const { visit } = current(line);
  commit(line, () => {
    if (failure.event) emit(line, failure.event.type, failure.event.details, failure.event.previous);
    visit.failure = { ...stored(failure), uncaught: true };
    save(line);
  });
}
