import { Cancelled } from '../cancellation.ts';
import { StateFailure } from '../failure.ts';
import { releaseLines } from '../tasks/release-task.ts';
import { fail, finishExecution, succeed } from './finish-execution.ts';
import type { Cursor, Line, Run } from './line.ts';

const ROOT = '';

/** Runs an execution, new or recovered, to its end. Never rejects: what is no failure of the machine is the engine's fault. */
export async function runExecution(run: Run): Promise<void> {
  const line = rootLine(run);
  run.engine.runs.set(run.arn, run);
  watchTimeout(run, line);
  // the end of an execution, however it comes, also ends what its tasks have started
  run.cancellation.onCancel(() => releaseLines(line));
  try {
    await run.follow(line);
  } catch (error) {
    if (error instanceof StateFailure && !run.cancellation.cancelled) fail(run, error, line.cursor.last);
    else if (!(error instanceof Cancelled)) run.engine.fault(error);
  }
}

function rootLine(run: Run): Line {
  const recovered = run.recovered.get(ROOT);
  const cursor: Cursor = recovered?.cursor ?? { state: run.machine.StartAt, input: run.input, last: 1 };
  return {
    run,
    path: ROOT,
    cursor,
    scope: run.machine,
    outer: {},
    variables: recovered?.variables ?? {},
    cancellation: run.cancellation,
    inner: new Map(),
    end: (output, { cursor: { last } }) => succeed(run, output, last),
  };
}

/** The machine's own TimeoutSeconds, counted from the start and not from a restart. */
function watchTimeout(run: Run, { cursor }: Line) {
  const seconds = run.machine.TimeoutSeconds;
  if (seconds === undefined) return;
  const disarm = run.engine.ports.clock.at(run.startedAt + seconds * 1000, () => {
    finishExecution(run, {
      status: 'TIMED_OUT',
      type: 'ExecutionTimedOut',
      previous: cursor.last,
      error: 'States.Timeout',
    });
  });
  run.cancellation.onCancel(disarm);
}
