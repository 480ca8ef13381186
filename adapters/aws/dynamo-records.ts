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
import type { ControlRecords } from '../../domain/ports/strategies.ts';
import { recordFrom, recordItem, recordKey } from './record-item.ts';
import { LIST_INDEX, type Tables } from './tables.ts';

const DEFAULT_LIMIT = 100;

/** The other items of the control table. */
export class DynamoRecords implements ControlRecords {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #tables: Tables;
  readonly #now: () => Date;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables, now: () => Date) {
    this.#dynamo = dynamo;
    this.#tables = tables;
    this.#now = now;
  }

  async get<Kind extends RecordKind>(kind: Kind, id: string): Promise<RecordOf<Kind> | undefined> {
    const key = { pk: recordKey(kind, id) };
    const { Item } = await this.#dynamo.send(
      new GetCommand({ TableName: this.#tables.control, Key: key, ConsistentRead: true }),
    );
    return Item && recordFrom(kind, Item);
  }

  async list<Kind extends RecordKind>(
    kind: Kind,
    { limit = DEFAULT_LIMIT }: { limit?: number } = {},
  ): Promise<RecordOf<Kind>[]> {
    return (await this.#query(kind, { ScanIndexForward: false, Limit: limit }, limit)).slice(0, limit);
  }

  all<Kind extends 'FREEZE' | 'LATCH' | 'CHECKPOINT'>(kind: Kind): Promise<RecordOf<Kind>[]> {
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
      found.push(...Items.map((item) => recordFrom(kind, item)));
      if (found.length >= enough) break;
    }
    return found;
  }

  async put(record: ControlRecord): Promise<void> {
    await this.#dynamo.send(new PutCommand({ TableName: this.#tables.control, Item: recordItem(record, this.#now()) }));
  }

  async latchScope(latch: ScopeLatch): Promise<ScopeLatch> {
    const { pk, ...item } = recordItem({ kind: 'LATCH', record: latch }, this.#now());
    const names = Object.keys(item);
    const { Attributes } = await this.#dynamo.send(
      new UpdateCommand({
        TableName: this.#tables.control,
        Key: { pk },
        UpdateExpression: `SET ${names.map((name) => `#${name} = if_not_exists(#${name}, :${name})`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, item[name]])),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return recordFrom('LATCH', Attributes ?? {});
  }
}
