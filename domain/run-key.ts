import type { Run } from './control-record.ts';
import { reportsOf } from './run-name.ts';

/** The key of a file in the run's folder of the evidence bucket. */
export const runKey = (run: Pick<Run, 'id' | 'strategyId' | 'startedAt'>, file: string): string =>
  `${reportsOf(run.strategyId, run.id, run.startedAt)}/${file}`;
