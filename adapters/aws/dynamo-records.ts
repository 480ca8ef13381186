import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ControlRecord, RecordKind, RecordOf } from '../../domain/control-record.ts';
import type { ControlRecords } from '../../domain/ports/strategies.ts';
import { recordFrom, recordItem, recordKey } from './record-item.ts';
import { LIST_INDEX, type Tables } from './tables.ts';

const DEFAULT_LIMIT = 100;
const ALL_LIMIT = 1_000;

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
    const { Items = [] } = await this.#dynamo.send(
      new QueryCommand({
        TableName: this.#tables.control,
        IndexName: LIST_INDEX,
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': kind },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return Items.map((item) => recordFrom(kind, item));
  }

  all<Kind extends 'FREEZE'>(kind: Kind): Promise<RecordOf<Kind>[]> {
    return this.list(kind, { limit: ALL_LIMIT });
  }

  async put(record: ControlRecord): Promise<void> {
    await this.#dynamo.send(new PutCommand({ TableName: this.#tables.control, Item: recordItem(record, this.#now()) }));
  }
}
