import { hasRoom, record } from '../execution/history.ts';
import type { Line } from '../execution/line.ts';
import { releaseTask } from '../tasks/release-task.ts';

/** State types whose abort the history shows; a Pass, Choice or Fail is never caught in the middle. */
const ABORTABLE = ['Task', 'Wait', 'Parallel', 'Map'];

/** Writes the failure of one inner line and the abort of its siblings, all after the event that failed. */
export function abortInner(
  line: Line,
  type: 'Map' | 'Parallel',
  { failed, index }: { failed: Line; index: number },
): void {
  const { run, cursor } = line;
  const previous = failed.cursor.last;
  cursor.last = previous;
  const name = cursor.state;
  if (type === 'Map') record(run, 'MapIterationFailed', { name, index }, previous);
  if (typeOf(failed) === 'Task') record(run, 'TaskStateAborted', {}, previous);
  for (const [sibling, inner] of line.inner) {
    if (inner === failed || inner.cursor.ended || !hasRoom(run)) continue;
    if (type === 'Map') record(run, 'MapIterationAborted', { name, index: sibling }, previous);
    abortState(inner, previous);
  }
}

function abortState(line: Line, previous: number) {
  const type = typeOf(line);
  releaseTask(line);
  if (line.cursor.visit && ABORTABLE.includes(type)) record(line.run, `${type}StateAborted`, {}, previous);
  for (const [index, inner] of line.inner) {
    if (inner.cursor.ended || !hasRoom(line.run)) continue;
    if (type === 'Map') record(line.run, 'MapIterationAborted', { name: line.cursor.state, index }, previous);
    abortState(inner, previous);
  }
}

function typeOf({ scope, cursor }: Line) {
  return scope.States[cursor.state]?.Type ?? '';
}
