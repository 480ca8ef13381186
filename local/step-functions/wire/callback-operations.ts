import type { Engine } from '../engine.ts';
import { findToken, storeCallback, storeHeartbeat } from '../journal/tokens.ts';
import { isOversize, type Json, parseJson } from '../json.ts';
import { ServiceError } from '../service-error.ts';
import type { Callback } from '../tasks/await-callback.ts';
import { type Body, type Operation, optionalText, text } from './operation.ts';

const LONGEST_TOKEN = 2048;

/** Finds a token that still waits. Unknown: InvalidToken. Answered, timed out or ended: TaskTimedOut. */
function openToken({ journal }: Engine, body: Body): string {
  const token = text(body, 'taskToken');
  const row = token.length > LONGEST_TOKEN ? undefined : findToken(journal, token);
  if (!row) throw new ServiceError('InvalidToken', `Invalid Token: '${token.slice(0, 80)}'`);
  if (row.open && row.result === null) return token;
  throw new ServiceError(
    'TaskTimedOut',
    'Task Timed Out: the task was answered before, timed out, or its execution ended',
  );
}

function answer(engine: Engine, token: string, callback: Callback) {
  const { journal, callbacks } = engine;
  journal.write(() => storeCallback(journal, token, JSON.stringify(callback)));
  callbacks.get(token)?.settled();
  return {};
}

const success: Operation = (engine, body) => {
  const output = body['output'];
  const value: Json | undefined = typeof output === 'string' && !isOversize(output) ? parseJson(output) : undefined;
  if (value === undefined)
    throw new ServiceError('InvalidOutput', 'Invalid Output: it must be JSON of at most 262144 bytes');
  return answer(engine, openToken(engine, body), { output: value });
};

const failure: Operation = (engine, body) => {
  const error = optionalText(body, 'error');
  const cause = optionalText(body, 'cause');
  const told = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  return answer(engine, openToken(engine, body), told);
};

const heartbeat: Operation = (engine, body) => {
  const { journal, ports, callbacks } = engine;
  const token = openToken(engine, body);
  journal.write(() => storeHeartbeat(journal, token, ports.clock.now()));
  callbacks.get(token)?.heartbeat();
  return {};
};

/** Operations on task tokens. */
export const callbackOperations: Readonly<Record<string, Operation>> = {
  SendTaskSuccess: success,
  SendTaskFailure: failure,
  SendTaskHeartbeat: heartbeat,
};
