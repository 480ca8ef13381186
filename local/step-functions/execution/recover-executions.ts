import type { Engine } from '../engine.ts';
import { runningExecutions } from '../journal/executions.ts';
import { createRun } from './create-run.ts';
import { runExecution } from './run-execution.ts';

/** Goes on with every execution that was running when the engine ended, each line from its cursor. Returns how many. */
export function recoverExecutions(engine: Engine): number {
  const rows = runningExecutions(engine.journal);
  const runs = rows.map((row) => createRun(engine, row));
  // all are registered first: a parent that waits for a child looks it up
  for (const run of runs) engine.runs.set(run.arn, run);
  for (const run of runs) void runExecution(run);
  return runs.length;
}
