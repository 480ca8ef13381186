import { Cancelled, createCancellation } from '../cancellation.ts';
import type { Scope } from '../definition/machine.ts';
import { record } from '../execution/history.ts';
import { commit, current, type FanProgress, type Line, save } from '../execution/line.ts';
import { StateFailure } from '../failure.ts';
import { deleteInnerLines } from '../journal/lines.ts';
import type { Json } from '../json.ts';
import { abortInner } from './abort-inner.ts';
import { openInner } from './open-inner.ts';

export interface Fan {
  readonly type: 'Map' | 'Parallel';
  readonly scopeOf: (index: number) => Scope;
  readonly progress: FanProgress;
}

/** Runs one line per input, at most `limit` at a time (0: all). The first failure calls off the other lines. */
export async function fanOut(line: Line, fan: Fan): Promise<Json[]> {
  const { inputs, limit } = fan.progress;
  const cancellation = createCancellation(line.cancellation);
  const outputs: Json[] = [];
  const started = line.cursor.last;
  let next = 0;
  let lastEnd = started;
  const lane = async () => {
    let previous = started;
    while (next < inputs.length) {
      const index = next;
      next += 1;
      const inner = openInner(line, fan, { index, previous, cancellation });
      await follow(line, fan, { inner, index });
      const { ended, last } = inner.cursor;
      if (!ended) throw new Error(`${line.run.arn}: an inner line of '${line.cursor.state}' stopped without an end`);
      line.inner.delete(index);
      outputs[index] = ended.output;
      previous = last;
      lastEnd = Math.max(lastEnd, ended.event);
    }
  };
  await Promise.all(Array.from({ length: limit === 0 ? inputs.length : Math.min(limit, inputs.length) }, lane));
  cancellation.cancel();
  complete(line, fan, { outputs, lastEnd });
  return outputs;
}

async function follow(line: Line, fan: Fan, { inner, index }: { inner: Line; index: number }) {
  if (inner.cursor.ended) return;
  await undefined; // all lanes start their first line before any of them enters a state, as AWS does
  try {
    await line.run.follow(inner);
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    if (inner.cancellation.cancelled) throw new Cancelled();
    commit(line, () => abortInner(line, fan.type, { failed: inner, index }));
    inner.cancellation.cancel();
    const { error: name, cause, onlyByName, alias } = error;
    throw new StateFailure({
      error: name,
      cause,
      onlyByName,
      ...(alias !== undefined && { alias }),
      closing: { type: `${fan.type}StateFailed` },
    });
  }
}

function complete(line: Line, { type, progress }: Fan, { outputs, lastEnd }: { outputs: Json[]; lastEnd: number }) {
  const { run } = line;
  commit(line, () => {
    line.cursor.last = lastEnd;
    record(run, `${type}StateSucceeded`, {}, lastEnd);
    progress.result = { value: outputs };
    deleteInnerLines(run.engine.journal, run.id, line.path);
    current(line).visit.fan = progress;
    save(line);
  });
}
