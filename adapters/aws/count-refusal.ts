import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { minuteOf, type RefusedAttempt } from '../../domain/access/refusal-count.ts';
import { jitter } from './clock.ts';
import type { Tables } from './tables.ts';

const ATTEMPTS = 5;

const COUNT_UPDATE = [
  'SET #kind = :kind, #sort = :sort, #minute = :minute, #actor = :actor, #code = :code, lastAt = :at',
  'firstAt = if_not_exists(firstAt, :at), #method = if_not_exists(#method, :method)',
  '#path = if_not_exists(#path, :path), #roles = if_not_exists(#roles, :roles) ADD #count :one',
].join(', ');

/** What makes a counter: who, why and when, to the minute. */
export const counterOf = ({ minute, actor, code }: { minute: string; actor: string; code: string }): string =>
  `${minute}#${actor}#${code}`;

/** Counts a refused attempt by one update of its own counter, so that nobody waits for anybody; what is sealed at that very moment is counted anew. */
export const countRefusal =
  (dynamo: DynamoDBDocumentClient, { control }: Pick<Tables, 'control'>) =>
  async (attempt: RefusedAttempt): Promise<void> => {
    const update = new UpdateCommand({ TableName: control, ...counted(attempt) });
    for (let tried = 1; ; tried += 1) {
      try {
        await dynamo.send(update);
        return;
      } catch (error) {
        if (!(error instanceof TransactionConflictException) || tried === ATTEMPTS) throw error;
        await jitter(tried);
      }
    }
  };

function counted({ actor, code, method, path, roles, at }: RefusedAttempt) {
  const minute = minuteOf(at);
  const sort = counterOf({ minute, actor, code });
  const names = ['kind', 'sort', 'minute', 'actor', 'code', 'method', 'path', 'roles', 'count'];
  return {
    Key: { pk: `REFUSAL#${sort}` },
    UpdateExpression: COUNT_UPDATE,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ':kind': 'REFUSAL',
      ':sort': sort,
      ':minute': minute,
      ':actor': actor,
      ':code': code,
      ':method': method,
      ':path': path,
      ':roles': roles,
      ':at': at.toISOString(),
      ':one': 1,
    },
  };
}
