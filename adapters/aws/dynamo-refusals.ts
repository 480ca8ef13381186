import { type DynamoDBDocumentClient, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { RefusalCount, type RefusedAttempt } from '../../domain/access/refusal-count.ts';
import { LogId, type NewEntry, type Receipt } from '../../domain/ledger/ledger-entry.ts';
import { EMPTY_HEAD, seal } from '../../domain/ledger/seal.ts';
import type { Refusals } from '../../domain/ports/refusals.ts';
import { counterOf, countRefusal } from './count-refusal.ts';
import { headIn } from './ledger-head.ts';
import { ledgerPut } from './ledger-put.ts';
import { lostTheRace } from './lost-the-race.ts';
import { LIST_INDEX, type Tables } from './tables.ts';

const ACCESS = LogId.parse('access');
const HEAD = `LOG#${ACCESS}`;
const ENOUGH = 1_000; // what a minute's tick can seal; the rest is there for the next one

/** Counters in the control table, and the `access` log they are sealed into. */
export class DynamoRefusals implements Refusals {
  readonly count: (attempt: RefusedAttempt) => Promise<void>;
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #tables: Tables;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables) {
    this.count = countRefusal(dynamo, tables);
    this.#dynamo = dynamo;
    this.#tables = tables;
  }

  async due(before: Date): Promise<RefusalCount[]> {
    const query = {
      TableName: this.#tables.control,
      IndexName: LIST_INDEX,
      KeyConditionExpression: '#kind = :kind and #sort < :before',
      ExpressionAttributeNames: { '#kind': 'kind', '#sort': 'sort' },
      ExpressionAttributeValues: { ':kind': 'REFUSAL', ':before': before.toISOString() },
    };
    const found: RefusalCount[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#dynamo }, query)) {
      found.push(...Items.map((item) => RefusalCount.parse(item)));
      if (found.length >= ENOUGH) break;
    }
    return found.slice(0, ENOUGH);
  }

  async seal(
    counters: readonly RefusalCount[],
    entries: readonly NewEntry[],
    at: Date,
  ): Promise<Receipt[] | undefined> {
    const before = (await headIn(HEAD, this.#dynamo, this.#tables)) ?? EMPTY_HEAD;
    const { head, sealed } = seal(ACCESS, before, entries, at);
    const Put = {
      TableName: this.#tables.control,
      Item: { pk: HEAD, kind: 'LOG', sort: ACCESS, ledgerSize: head.size, ledgerRange: head.range },
      ConditionExpression: before.size === 0 ? 'attribute_not_exists(pk)' : 'ledgerSize = :seen',
      ...(before.size > 0 && { ExpressionAttributeValues: { ':seen': before.size } }),
    };
    const written = sealed.map((entry) => ledgerPut(this.#tables.ledger, entry));
    const TransactItems = [{ Put }, ...written, ...counters.map((each) => this.#removal(each))];
    try {
      await this.#dynamo.send(new TransactWriteCommand({ TransactItems }));
      return sealed.map(({ receipt }) => receipt);
    } catch (error) {
      if (lostTheRace(error)) return undefined;
      throw error;
    }
  }

  /** Only as it was read: a counter that has grown, or begun anew after another sealing, stands for more than our entry says. */
  #removal(counter: RefusalCount) {
    return {
      Delete: {
        TableName: this.#tables.control,
        Key: { pk: `REFUSAL#${counterOf(counter)}` },
        ConditionExpression: '#count = :count and firstAt = :firstAt and lastAt = :lastAt',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: {
          ':count': counter.count,
          ':firstAt': counter.firstAt,
          ':lastAt': counter.lastAt,
        },
      },
    };
  }
}
