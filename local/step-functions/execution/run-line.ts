import { StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { runState } from '../states/run-state.ts';
import { enterFirst } from './enter-state.ts';
import { catchFailure, recordFailure } from './fail-state.ts';
import { requireRoom } from './history.ts';
import { leaveState } from './leave-state.ts';
import { commit, current, type Line, save } from './line.ts';
import { sleepUntil } from './sleep-until.ts';

/** States without a task or a wait that one line passes before others get their turn, and their commit. */
const VISITS_PER_TURN = 50;

/** Runs a line of control from where its cursor stands to its end; a failure that nothing caught rejects. */
export async function runLine(line: Line): Promise<Json> {
  enterFirst(line);
  for (let visits = 1; (await visitState(line)) !== undefined; visits += 1) {
    if (visits % VISITS_PER_TURN === 0) await line.run.engine.journal.durable();
  }
  return line.cursor.ended?.output ?? null;
}

/** Tries the current state until it is left or has failed for good; returns the state that was entered next. */
async function visitState(line: Line): Promise<string | undefined> {
  const { visit } = current(line);
  while (!visit.failure) {
    try {
      await waitForRetry(line);
      requireRoom(line);
      const departure = await runState(line);
      leaveState(line, departure);
      return departure.next;
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      recordFailure(line, error);
    }
  }
  return catchFailure(line, visit.failure);
}

async function waitForRetry(line: Line) {
  const { visit } = current(line);
  if (visit.retryAt === undefined) return;
  await sleepUntil(line, visit.retryAt);
  commit(line, () => {
    delete visit.retryAt;
    save(line);
  });
}
