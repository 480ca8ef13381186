import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ControlRecord, RecordKind, RecordOf } from '../../domain/control-record.ts';
import type { ScopeLatch } from '../../domain/kill/scope-latch.ts';
import type { ControlRecords, VersionedRecord } from '../../domain/ports/strategies.ts';
import { type RecordSchemas, recordFrom, recordItem, recordKey } from './record-item.ts';
import { recordReplacement } from './record-put.ts';
import { LIST_INDEX, type Tables } from './tables.ts';

const DEFAULT_LIMIT = 100;
const LATCH_ATTEMPTS = 5;

/** The other items of the control table, of those kinds alone whose schemas are given: a function that reads few kinds carries few. */
export class DynamoSomeRecords implements ControlRecords {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #tables: Tables;
  readonly #now: () => Date;
  readonly #schemas: RecordSchemas;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables, now: () => Date, schemas: RecordSchemas) {
    this.#dynamo = dynamo;
    this.#tables = tables;
    this.#now = now;
    this.#schemas = schemas;
  }

  async get<Kind extends RecordKind>(kind: Kind, id: string): Promise<RecordOf<Kind> | undefined> {
    const key = { pk: recordKey(kind, id) };
    const { Item } = await this.#dynamo.send(
      new GetCommand({ TableName: this.#tables.control, Key: key, ConsistentRead: true }),
    );
    return Item && recordFrom(kind, Item, this.#schemas);
  }

  async list<Kind extends RecordKind>(
    kind: Kind,
    { limit = DEFAULT_LIMIT }: { limit?: number } = {},
  ): Promise<RecordOf<Kind>[]> {
    return (await this.#query(kind, { ScanIndexForward: false, Limit: limit }, limit)).slice(0, limit);
  }

  all<Kind extends 'FREEZE' | 'LATCH' | 'CHECKPOINT' | 'MESSAGE' | 'RESTORATION' | 'PLANNEDHALT' | 'ALERT'>(
    kind: Kind,
  ): Promise<RecordOf<Kind>[]> {
    return this.#query(kind, {}, Number.POSITIVE_INFINITY);
  }

  /** Page by page, since a page ends at 1 MB whatever its limit, until there are enough. */
  async #query<Kind extends RecordKind>(
    kind: Kind,
    options: Partial<QueryCommandInput>,
    enough: number,
  ): Promise<RecordOf<Kind>[]> {
    const query = {
      ...options,
      TableName: this.#tables.control,
      IndexName: LIST_INDEX,
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': kind },
    };
    const found: RecordOf<Kind>[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#dynamo }, query)) {
      found.push(...Items.map((item) => recordFrom(kind, item, this.#schemas)));
      if (found.length >= enough) break;
    }
    return found;
  }

  async put(record: ControlRecord): Promise<void> {
    await this.#dynamo.send(new PutCommand({ TableName: this.#tables.control, Item: recordItem(record, this.#now()) }));
  }

  async replace(record: VersionedRecord): Promise<boolean> {
    const put = new PutCommand(recordReplacement(this.#tables.control, record, this.#now()));
    return (await unlessRefused(this.#dynamo.send(put).then(() => true))) ?? false;
  }

  async latchScope(latch: ScopeLatch): Promise<ScopeLatch> {
    for (let attempt = 0; attempt < LATCH_ATTEMPTS; attempt += 1) {
      const stands = (await this.#firstLatch({ ...latch, version: 1 })) ?? (await this.#nextLatch(latch));
      if (stands) return stands;
    }
    throw new Error(`${latch.id} is being killed and recovered at the same time`);
  }

  /** Where nothing stands, or only what was lifted. */
  async #firstLatch(latch: ScopeLatch): Promise<ScopeLatch | undefined> {
    const written = this.#dynamo.send(
      new PutCommand({
        TableName: this.#tables.control,
        Item: recordItem({ kind: 'LATCH', record: latch }, this.#now()),
        ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(#record.liftedAt)',
        ExpressionAttributeNames: { '#record': 'record' },
      }),
    );
    return unlessRefused(written.then(() => latch));
  }

  /** Where one stands: only its version grows. */
  async #nextLatch({ id }: ScopeLatch): Promise<ScopeLatch | undefined> {
    const written = this.#dynamo.send(
      new UpdateCommand({
        TableName: this.#tables.control,
        Key: { pk: recordKey('LATCH', id) },
        UpdateExpression: 'SET #record.#version = if_not_exists(#record.#version, :one) + :one',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#record.liftedAt)',
        ExpressionAttributeNames: { '#record': 'record', '#version': 'version' },
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return unlessRefused(written.then(({ Attributes = {} }) => recordFrom('LATCH', Attributes, this.#schemas)));
  }
}

/** Nothing where the condition did not hold. */
async function unlessRefused<T>(written: Promise<T>): Promise<T | undefined> {
  try {
    return await written;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return undefined;
  }
}
