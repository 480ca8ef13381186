import type { Cancellation } from '../cancellation.ts';
import type { Resource } from '../definition/resources.ts';
import { emit } from '../execution/history.ts';
import { commit, type Line, save, type TaskProgress } from '../execution/line.ts';
import { findToken } from '../journal/tokens.ts';
import type { Json } from '../json.ts';
import { invokeLambda } from './invoke-function.ts';
import { taskFailure, taskTimeout } from './task-failure.ts';

/** What SendTaskSuccess or SendTaskFailure left with the token. */
export type Callback = { readonly output: Json } | { readonly error?: string; readonly cause?: string };

/**
 * `invoke.waitForTaskToken`: calls the function unless TaskSubmitted says it was called (a call repeated after a crash
 * carries the same token), then waits for the token's result. A missed heartbeat rejects.
 */
export async function awaitCallback(
  line: Line,
  resource: Resource,
  task: TaskProgress,
  cancellation: Cancellation,
): Promise<Json> {
  if (task.submitted === undefined) {
    const answer = await invokeLambda(line, resource, task.arguments, cancellation);
    commit(line, () => {
      const { resourceType, resource: name } = resource;
      emit(line, 'TaskSubmitted', { resourceType, resource: name, output: JSON.stringify(answer) });
      task.submitted = 'called';
      save(line);
    });
  }
  const callback = await nextCallback(line, resource, task, cancellation);
  if ('output' in callback) return callback.output;
  throw taskFailure(resource, callback);
}

function nextCallback(line: Line, resource: Resource, task: TaskProgress, cancellation: Cancellation) {
  const { engine } = line.run;
  const token = task.token ?? '';
  return new Promise<Callback>((resolve, reject) => {
    let disarm = () => {};
    const forget = () => {
      disarm();
      engine.callbacks.delete(token);
    };
    const settled = () => {
      const { result } = findToken(engine.journal, token) ?? {};
      if (typeof result !== 'string') return;
      forget();
      const callback: Callback = JSON.parse(result);
      resolve(callback);
    };
    const heartbeat = () => {
      disarm();
      if (task.heartbeatSeconds === undefined) return;
      const heard = findToken(engine.journal, token)?.heartbeat ?? task.scheduledAt;
      disarm = engine.ports.clock.at(heard + task.heartbeatSeconds * 1000, () => {
        forget();
        reject(taskTimeout(resource, true));
      });
    };
    cancellation.onCancel(forget);
    engine.callbacks.set(token, { settled, heartbeat });
    heartbeat();
    settled();
  });
}
