import { type DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LogId, NewEntry, Receipt } from '../../domain/ledger/ledger-entry.ts';
import { rootOfRange } from '../../domain/ledger/merkle.ts';
import { EMPTY_HEAD, type LedgerHead, seal } from '../../domain/ledger/seal.ts';
import type { Ledger, LedgerPage, LogDecision } from '../../domain/ports/strategies.ts';
import { Refusal } from '../../domain/refusal.ts';
import { withReceipt } from '../../domain/seal-decision.ts';
import { headIn, ledgerHead } from './ledger-head.ts';
import { ledgerPut } from './ledger-put.ts';
import { lostTheRace } from './lost-the-race.ts';
import { recordPut } from './record-put.ts';
import { sequence, type Tables } from './tables.ts';

const ATTEMPTS = 40;

const Stored = z.object({ sk: z.string(), leafHash: z.string(), entry: z.string() });

/** The ledger table: pages of every log, and appends to `access` and `desk`, whose heads are items of their own. */
export class DynamoLedger implements Ledger {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #tables: Tables;
  readonly #jitter: (attempt: number) => Promise<void>;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables, jitter: (attempt: number) => Promise<void>) {
    this.#dynamo = dynamo;
    this.#tables = tables;
    this.#jitter = jitter;
  }

  async page(
    log: LogId,
    { from, limit, order }: { from?: number | undefined; limit: number; order: 'asc' | 'desc' },
  ): Promise<LedgerPage | undefined> {
    const head = await ledgerHead(log, this.#dynamo, this.#tables);
    if (!head) return undefined;
    const last = head.size - 1;
    const start = Math.min(from ?? (order === 'asc' ? 0 : last), order === 'asc' ? head.size : last);
    const bounds =
      order === 'asc'
        ? { low: start, high: Math.min(start + limit - 1, last) }
        : { low: Math.max(0, start - limit + 1), high: start };
    const entries = bounds.low > bounds.high ? [] : await this.#between(log, bounds, order);
    const next = nextAfter(entries, order);
    return {
      log,
      size: head.size,
      root: rootOfRange(head.range),
      entries,
      ...(next >= 0 && next <= last && { next }),
    };
  }

  async append(log: LogId, entries: readonly NewEntry[], at: Date): Promise<Receipt[]> {
    const decide = async () => ({ entries, reply: undefined });
    return (await this.#committed(log, decide, at)).receipts;
  }

  async commitTo<Reply>(log: LogId, decide: () => Promise<LogDecision<Reply>>, at: Date) {
    const { reply, receipts } = await this.#committed(log, decide, at);
    return { reply, receipt: receipts.at(-1) };
  }

  async #committed<Reply>(log: LogId, decide: () => Promise<LogDecision<Reply>>, at: Date) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = (await headIn(`LOG#${log}`, this.#dynamo, this.#tables)) ?? EMPTY_HEAD;
      const decision = await decide(); // after the head: whoever writes to this log now makes us decide afresh
      if (decision.entries.length === 0) return { reply: decision.reply, receipts: [] };
      const receipts = await this.#tryCommit(log, before, decision, at);
      if (receipts) return { reply: decision.reply, receipts };
      await this.#jitter(attempt);
    }
    throw new Refusal('StoreUnavailable', `the ${log} log could not be written`, 'try again in a moment', {
      attempts: ATTEMPTS,
    });
  }

  async #tryCommit(
    log: LogId,
    before: LedgerHead,
    { entries, records = [] }: LogDecision,
    at: Date,
  ): Promise<Receipt[] | undefined> {
    const { head, sealed } = seal(log, before, entries, at);
    const Put = {
      TableName: this.#tables.control,
      Item: { pk: `LOG#${log}`, kind: 'LOG', sort: log, ledgerSize: head.size, ledgerRange: head.range },
      ConditionExpression: before.size === 0 ? 'attribute_not_exists(pk)' : 'ledgerSize = :seen',
      ...(before.size > 0 && { ExpressionAttributeValues: { ':seen': before.size } }),
    };
    const receipts = sealed.map(({ receipt }) => receipt);
    const others = records.map((record) => recordPut(this.#tables.control, withReceipt(record, receipts.at(-1)), at));
    const TransactItems = [{ Put }, ...sealed.map((entry) => ledgerPut(this.#tables.ledger, entry)), ...others];
    try {
      await this.#dynamo.send(new TransactWriteCommand({ TransactItems }));
      return receipts;
    } catch (error) {
      if (lostTheRace(error)) return undefined;
      throw error;
    }
  }

  async #between(
    log: LogId,
    { low, high }: { low: number; high: number },
    order: 'asc' | 'desc',
  ): Promise<LedgerPage['entries']> {
    const { Items = [] } = await this.#dynamo.send(
      new QueryCommand({
        TableName: this.#tables.ledger,
        KeyConditionExpression: 'pk = :log and sk between :low and :high',
        ExpressionAttributeValues: { ':log': log, ':low': sequence(low), ':high': sequence(high) },
        ScanIndexForward: order === 'asc',
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => {
      const { sk, leafHash, entry } = Stored.parse(item);
      return { index: Number(sk), leafHash, entry: JSON.parse(entry) as unknown };
    });
  }
}

/** From the last entry that came, not from the limit: a query ends at 1 MB, and nothing may be skipped then. */
function nextAfter(entries: LedgerPage['entries'], order: 'asc' | 'desc'): number {
  const reached = entries.at(-1)?.index;
  if (reached === undefined) return -1;
  return order === 'asc' ? reached + 1 : reached - 1;
}
