import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LogId } from '../../domain/ledger/ledger-entry.ts';
import type { LedgerHead } from '../../domain/ledger/seal.ts';
import type { Checkpoints, StoredCheckpoint, StoredEntry } from '../../domain/ports/checkpoints.ts';
import { ledgerHead } from './ledger-head.ts';
import { sequence, type Tables } from './tables.ts';

const Entry = z.object({ sk: z.string(), leafHash: z.string(), entry: z.string() });
const Checkpoint = z.object({ sk: z.string(), note: z.string(), range: z.array(z.string()) });

/** Checkpoints stand in the ledger table beside the entries, where nothing is ever changed: `checkpoint/<log>` and the size. */
const checkpointsOf = (log: LogId) => `checkpoint/${log}`;

/** Logs as stored, and their checkpoints. */
export class DynamoCheckpoints implements Checkpoints {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #tables: Tables;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables) {
    this.#dynamo = dynamo;
    this.#tables = tables;
  }

  head(log: LogId): Promise<LedgerHead | undefined> {
    return ledgerHead(log, this.#dynamo, this.#tables);
  }

  async *entries(log: LogId, from: number, to: number): AsyncGenerator<StoredEntry> {
    if (from >= to) return; // a key condition of nothing is refused
    const query = {
      TableName: this.#tables.ledger,
      KeyConditionExpression: 'pk = :log and sk between :first and :last',
      ExpressionAttributeValues: { ':log': log, ':first': sequence(from), ':last': sequence(to - 1) },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#dynamo }, query))
      for (const item of Items) {
        const { sk, leafHash, entry } = Entry.parse(item);
        yield { index: Number(sk), leafHash, text: entry };
      }
  }

  async newest(log: LogId): Promise<StoredCheckpoint | undefined> {
    const { Items = [] } = await this.#dynamo.send(
      new QueryCommand({
        TableName: this.#tables.ledger,
        KeyConditionExpression: 'pk = :checkpoints',
        ExpressionAttributeValues: { ':checkpoints': checkpointsOf(log) },
        ScanIndexForward: false,
        Limit: 1,
        ConsistentRead: true,
      }),
    );
    return Items.map(checkpointFrom)[0];
  }

  async list(log: LogId, { from, limit }: { from: number; limit: number }): Promise<StoredCheckpoint[]> {
    const { Items = [] } = await this.#dynamo.send(
      new QueryCommand({
        TableName: this.#tables.ledger,
        KeyConditionExpression: 'pk = :checkpoints and sk >= :from',
        ExpressionAttributeValues: { ':checkpoints': checkpointsOf(log), ':from': sequence(from) },
        Limit: limit,
        ConsistentRead: true,
      }),
    );
    return Items.map(checkpointFrom);
  }

  async keep(log: LogId, { size, note, range }: StoredCheckpoint): Promise<void> {
    try {
      await this.#dynamo.send(
        new PutCommand({
          TableName: this.#tables.ledger,
          Item: { pk: checkpointsOf(log), sk: sequence(size), note, range },
          ConditionExpression: 'attribute_not_exists(pk) OR note = :note',
          ExpressionAttributeValues: { ':note': note },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new Error(`${log} has another checkpoint of size ${size}: a checkpoint is kept once`, { cause: error });
    }
  }
}

function checkpointFrom(item: Record<string, unknown>): StoredCheckpoint {
  const { sk, note, range } = Checkpoint.parse(item);
  return { size: Number(sk), note, range };
}
