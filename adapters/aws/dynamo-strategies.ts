import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Decision } from '../../domain/decision.ts';
import type { StrategyId } from '../../domain/ids.ts';
import type { NewEntry, Receipt } from '../../domain/ledger/ledger-entry.ts';
import type { Strategies } from '../../domain/ports/strategies.ts';
import { sealDecision } from '../../domain/seal-decision.ts';
import { type Latch, Strategy } from '../../domain/strategy.ts';
import { ledgerPut } from './ledger-put.ts';
import { lostTheRace } from './lost-the-race.ts';
import { recordPut } from './record-put.ts';
import { LIST_INDEX, type Tables } from './tables.ts';

const KILL_UPDATE = [
  'SET #mode = :killed, #epoch = #epoch + :one, #version = #version + :one, maxOrdersPerSec = :zero',
  'latch = if_not_exists(latch, :latch)',
  'pendingEntries = list_append(pendingEntries, :entry)',
].join(', ');

/** Strategies in the control table, each with the head of its ledger in the same item, so that one transaction changes both. */
export class DynamoStrategies implements Strategies {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #tables: Tables;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables) {
    this.#dynamo = dynamo;
    this.#tables = tables;
  }

  async read(id: StrategyId): Promise<Strategy | undefined> {
    const { Item } = await this.#dynamo.send(
      new GetCommand({ TableName: this.#tables.control, Key: { pk: keyOf(id) }, ConsistentRead: true }),
    );
    return Item && Strategy.parse(Item);
  }

  async list(): Promise<Strategy[]> {
    const strategies: Strategy[] = [];
    const query = {
      TableName: this.#tables.control,
      IndexName: LIST_INDEX,
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': 'STRATEGY' },
    };
    for await (const page of paginateQuery({ client: this.#dynamo }, query))
      strategies.push(...(page.Items ?? []).map((item) => Strategy.parse(item)));
    return strategies;
  }

  async commit(before: Strategy, decision: Decision, at: Date): Promise<Receipt[] | undefined> {
    const { strategy, sealed, records, receipts } = sealDecision(before, decision, at);
    const state = {
      TableName: this.#tables.control,
      Item: { ...strategy, pk: keyOf(before.id), kind: 'STRATEGY', sort: before.id },
      ConditionExpression: before.version === 0 ? 'attribute_not_exists(pk)' : 'version = :seen',
      ...(before.version > 0 && { ExpressionAttributeValues: { ':seen': before.version } }),
    };
    const others = records.map((record) => recordPut(this.#tables.control, record, at));
    const TransactItems = [{ Put: state }, ...sealed.map((entry) => ledgerPut(this.#tables.ledger, entry)), ...others];
    try {
      await this.#dynamo.send(new TransactWriteCommand({ TransactItems }));
      return receipts;
    } catch (error) {
      if (lostTheRace(error)) return undefined;
      throw error;
    }
  }

  async latchUnconditionally(id: StrategyId, latch: Latch, entry: NewEntry, at: Date): Promise<Strategy> {
    const { Attributes } = await this.#dynamo.send(
      new UpdateCommand({
        TableName: this.#tables.control,
        Key: { pk: keyOf(id) },
        UpdateExpression: KILL_UPDATE,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#mode': 'mode', '#epoch': 'epoch', '#version': 'version' },
        ExpressionAttributeValues: {
          ':killed': 'KILLED',
          ':one': 1,
          ':zero': 0,
          ':latch': latch,
          ':entry': [{ ...entry, at: at.toISOString() }],
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Strategy.parse(Attributes);
  }
}

const keyOf = (id: StrategyId): string => `STRATEGY#${id}`;
