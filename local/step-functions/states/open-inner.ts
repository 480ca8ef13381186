import type { Cancellation } from '../cancellation.ts';
import { record } from '../execution/history.ts';
import { type Cursor, commit, current, type Line, save } from '../execution/line.ts';
import type { Fan } from './fan-out.ts';

interface Place {
  readonly index: number;
  /** Predecessor of the first event of the line. */
  readonly previous: number;
  readonly cancellation: Cancellation;
}

/** Opens the line of one branch or iteration: where recovery found it, or at its start. */
export function openInner(line: Line, fan: Fan, { index, previous, cancellation }: Place): Line {
  const { run } = line;
  const { visit } = current(line);
  const path = `${line.path}/${visit.entered}.${visit.retries}.${index}`;
  const recovered = run.recovered.get(path);
  run.recovered.delete(path);
  const scope = fan.scopeOf(index);
  const { inputs, items = inputs } = fan.progress;
  const cursor: Cursor = recovered?.cursor ?? {
    state: scope.StartAt,
    input: inputs[index] ?? null,
    last: previous,
  };
  const inner: Line = {
    run,
    path,
    cursor,
    scope,
    outer: { ...line.outer, ...line.variables },
    variables: recovered?.variables ?? {},
    cancellation,
    ...(fan.type === 'Map'
      ? { item: { Index: index, Value: items[index] ?? null } }
      : line.item && { item: line.item }),
    inner: new Map(),
    end: (output, ended) => endInner(line, fan, { ended, output, index }),
  };
  line.inner.set(index, inner);
  if (!recovered) {
    commit(line, () => {
      const iteration = { name: line.cursor.state, index };
      if (fan.type === 'Map') cursor.last = record(run, 'MapIterationStarted', iteration, previous);
      save(inner, 'variables');
    });
  }
  return inner;
}

/** The end of an inner line: kept with its output until all are done. */
function endInner(
  { run, cursor: { state: name } }: Line,
  { type }: Fan,
  { ended, output, index }: { ended: Line; output: Cursor['input']; index: number },
) {
  const { cursor } = ended;
  const event = type === 'Map' ? record(run, 'MapIterationSucceeded', { name, index }, cursor.last) : cursor.last;
  cursor.ended = { output, event };
  delete cursor.visit;
  save(ended);
}
