import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { elapsedMs, jitter } from './clock.ts';

type Item = Record<string, unknown>;

/** What BatchGetItem takes at a time. */
const KEYS_A_CALL = 100;
/** What a call has not come to is asked for again for this long, in milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Those items of a table that are there, in any order, strongly consistent: one call for each hundred keys, all at the same time.
 * What DynamoDB leaves out of an answer (it gives at most 16 MB, and less when it is busy) is asked for again with a growing
 * pause; throws when some of it is still missing after two seconds: an item that was not read is never taken for one that is not there.
 */
export async function batchGet(
  dynamo: DynamoDBDocumentClient,
  table: string,
  pks: readonly string[],
  patienceMs = PATIENCE_MS,
): Promise<Item[]> {
  const until = elapsedMs() + patienceMs;
  const keys = [...new Set(pks)];
  const calls = Array.from({ length: Math.ceil(keys.length / KEYS_A_CALL) }, (_, call) =>
    readAll(dynamo, { table, until, pks: keys.slice(call * KEYS_A_CALL, (call + 1) * KEYS_A_CALL) }),
  );
  return (await Promise.all(calls)).flat();
}

type Call = { readonly table: string; readonly pks: readonly string[]; readonly until: number };

async function readAll(dynamo: DynamoDBDocumentClient, { table, pks, until }: Call): Promise<Item[]> {
  const found: Item[] = [];
  let wanted: Item[] = pks.map((pk) => ({ pk }));
  for (let attempt = 0; wanted.length > 0; attempt += 1) {
    if (attempt > 0) await jitter(attempt);
    if (attempt > 0 && elapsedMs() > until) throw new Error(`${wanted.length} items could not be read in time`);
    const request = { [table]: { Keys: wanted, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await dynamo.send(new BatchGetCommand({ RequestItems: request }));
    found.push(...(Responses?.[table] ?? []));
    wanted = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}
