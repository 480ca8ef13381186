import type { Json } from '../json.ts';
import { emit, requireRoom } from './history.ts';
import { commit, type Line, save } from './line.ts';

/** Writes the entry of a state; inside a commit. The first entry of an execution has no predecessor. */
export function enterState(line: Line, name: string, input: Json): void {
  const { cursor, run } = line;
  const state = line.scope.States[name];
  if (!state) throw new Error(`${run.arn}: there is no state '${name}'`);
  const before = cursor.last === 1 ? 0 : cursor.last;
  const entered = emit(line, `${state.Type}StateEntered`, { name, input: JSON.stringify(input) }, before);
  cursor.state = name;
  cursor.input = input;
  cursor.visit = { before, entered, enteredAt: run.engine.ports.clock.now(), spent: {}, retries: 0 };
  save(line);
}

/** Enters the first state of a line, unless recovery found it entered. */
export function enterFirst(line: Line): void {
  if (line.cursor.visit) return;
  requireRoom(line);
  commit(line, () => enterState(line, line.cursor.state, line.cursor.input));
}
