import type { Engine } from '../engine.ts';
import { findExecution } from '../journal/executions.ts';
import { ServiceError } from '../service-error.ts';
import { finishExecution } from './finish-execution.ts';

/** Aborts an execution and returns when it stopped (ms since the epoch); one that has ended is left as it is. */
export function stopExecution(engine: Engine, arn: string, reason: { error?: string; cause?: string }): number {
  const run = engine.runs.get(arn);
  if (run) {
    finishExecution(run, { status: 'ABORTED', type: 'ExecutionAborted', previous: 0, ...reason });
  }
  const row = findExecution(engine.journal, arn);
  if (!row) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row.stopped ?? engine.ports.clock.now();
}
