import type { PassState, SucceedState } from '../definition/machine.ts';
import { evaluation } from '../execution/context.ts';
import { type Departure, prepareDeparture } from '../execution/leave-state.ts';
import type { Line } from '../execution/line.ts';

/** Pass and Succeed: hand on their Output, or their input. */
export function runPass(line: Line, state: PassState | SucceedState): Promise<Departure> {
  return prepareDeparture(state, { evaluation: evaluation(line), fallback: line.cursor.input });
}
