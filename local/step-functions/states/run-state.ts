import type { Departure } from '../execution/leave-state.ts';
import { current, type Line } from '../execution/line.ts';
import { runChoice } from './run-choice.ts';
import { runFail } from './run-fail.ts';
import { runMap } from './run-map.ts';
import { runParallel } from './run-parallel.ts';
import { runPass } from './run-pass.ts';
import { runTask } from './run-task.ts';
import { runWait } from './run-wait.ts';

/** Does what the current state is for, and says how it is left. */
export function runState(line: Line): Promise<Departure> {
  const { state } = current(line);
  switch (state.Type) {
    case 'Pass':
    case 'Succeed':
      return runPass(line, state);
    case 'Fail':
      return runFail(line, state);
    case 'Choice':
      return runChoice(line, state);
    case 'Wait':
      return runWait(line, state);
    case 'Task':
      return runTask(line, state);
    case 'Parallel':
      return runParallel(line, state);
    case 'Map':
      return runMap(line, state);
  }
}
