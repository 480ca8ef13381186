import { parseResource } from '../definition/resources.ts';
import type { Line } from '../execution/line.ts';
import { closeToken } from '../journal/tokens.ts';

/** Ends what the current task of a line started and nobody waits for now: its token, or its child execution. */
export function releaseTask({ run, cursor, scope }: Line): void {
  const task = cursor.visit?.task;
  const state = scope.States[cursor.state];
  if (!task || task.result || state?.Type !== 'Task') return;
  const { journal } = run.engine;
  if (task.token !== undefined) {
    const { token } = task;
    journal.write(() => closeToken(journal, token));
    run.engine.callbacks.delete(token);
  }
  const child = parseResource(state.Resource)?.pattern === 'sync' ? task.submitted : undefined;
  if (child !== undefined) run.engine.stop(child, {});
}

/** The same for a line and all lines inside it. */
export function releaseLines(line: Line): void {
  releaseTask(line);
  for (const inner of line.inner.values()) releaseLines(inner);
}
