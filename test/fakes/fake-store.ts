import { isDeepStrictEqual } from 'node:util';
import { counterOf } from '../../adapters/aws/count-refusal.ts';
import { recordItem } from '../../adapters/aws/record-item.ts';
import { minuteOf, type RefusalCount, type RefusedAttempt } from '../../domain/access/refusal-count.ts';
import type { ControlRecord, RecordKind, RecordOf } from '../../domain/control-record.ts';
import type { Decision } from '../../domain/decision.ts';
import type { StrategyId } from '../../domain/ids.ts';
import type { ScopeLatch } from '../../domain/kill/scope-latch.ts';
import { LogId, type NewEntry, type Receipt } from '../../domain/ledger/ledger-entry.ts';
import { rootOfRange } from '../../domain/ledger/merkle.ts';
import { EMPTY_HEAD, type LedgerHead, type SealedEntry, seal } from '../../domain/ledger/seal.ts';
import type { Refusals } from '../../domain/ports/refusals.ts';
import type {
  BulkRecords,
  BulkStrategies,
  Ledger,
  LedgerPage,
  LogDecision,
  VersionedRecord,
} from '../../domain/ports/strategies.ts';
import { sealDecision, withReceipt } from '../../domain/seal-decision.ts';
import type { Latch, Strategy } from '../../domain/strategy.ts';

/** The two tables in memory: one object for their ports, since one write covers them. Reads hand out copies. */
export class FakeStore implements BulkStrategies, BulkRecords, Ledger, Refusals {
  readonly strategies = new Map<string, Strategy>();
  readonly records = new Map<string, ControlRecord>();
  readonly logs = new Map<string, SealedEntry[]>();
  readonly heads = new Map<string, LedgerHead>();
  readonly counters = new Map<string, RefusalCount>();
  /** How many of the next commits lose their race. */
  losing = 0;

  async read(id: StrategyId): Promise<Strategy | undefined> {
    return structuredClone(this.strategies.get(id));
  }

  async readMany(ids: readonly StrategyId[]): Promise<Strategy[]> {
    return [...new Set(ids)].flatMap((id) => structuredClone(this.strategies.get(id)) ?? []);
  }

  async getMany<Kind extends RecordKind>(kind: Kind, ids: readonly string[]): Promise<RecordOf<Kind>[]> {
    const found = await Promise.all([...new Set(ids)].map((id) => this.get(kind, id)));
    return found.flatMap((record) => record ?? []);
  }

  async list(): Promise<Strategy[]>;
  async list<Kind extends RecordKind>(kind: Kind, options?: { limit?: number }): Promise<RecordOf<Kind>[]>;
  async list<Kind extends RecordKind>(kind?: Kind, { limit = 100 }: { limit?: number } = {}): Promise<unknown[]> {
    if (kind === undefined) return structuredClone([...this.strategies.values()]);
    return this.#ofKind(kind).slice(0, limit);
  }

  /** Newest first. */
  #ofKind<Kind extends RecordKind>(kind: Kind): RecordOf<Kind>[] {
    const found = [...this.records.values()].filter((each) => each.kind === kind);
    const newestFirst = found.toSorted((left, right) => (sortOf(left) < sortOf(right) ? 1 : -1));
    return structuredClone(newestFirst.map(({ record }) => record)) as RecordOf<Kind>[]; // filtered by their kind
  }

  async commit(before: Strategy, decision: Decision, at: Date): Promise<Receipt[] | undefined> {
    const stored = this.strategies.get(before.id)?.version ?? 0;
    if (this.losing > 0) {
      this.losing -= 1;
      return undefined;
    }
    if (stored !== before.version || !this.#fit(decision.records)) return undefined;
    const { strategy, sealed, records, receipts } = sealDecision(before, decision, at);
    this.strategies.set(before.id, structuredClone(strategy));
    for (const record of records) this.records.set(keyOf(record), structuredClone(record));
    this.logs.set(before.id, [...(this.logs.get(before.id) ?? []), ...sealed]);
    return receipts;
  }

  /** Whether each record may be written: a command is new, and what has a version follows on the one that stands. */
  #fit(records: readonly ControlRecord[] = []): boolean {
    return records.every((each) => {
      if (each.kind === 'COMMAND') return !this.records.has(keyOf(each));
      return each.kind === 'MESSAGE' || this.#follows(each);
    });
  }

  #follows(record: ControlRecord): boolean {
    if (!('version' in record.record) || record.record.version === undefined) return true;
    const stands = this.records.get(keyOf(record));
    const before = stands && 'version' in stands.record ? (stands.record.version ?? 0) : 0;
    return record.record.version === before + 1;
  }

  async latchUnconditionally(id: StrategyId, latch: Latch, entry: NewEntry, at: Date): Promise<Strategy> {
    const state = this.strategies.get(id);
    if (!state) throw new Error(`${id} is not there`);
    const pendingEntries = [...state.pendingEntries, { ...entry, at: at.toISOString() }];
    const changed = { epoch: state.epoch + 1, version: state.version + 1, latch: state.latch ?? latch, pendingEntries };
    const next: Strategy = { ...state, ...changed, mode: 'KILLED', maxOrdersPerSec: 0 };
    this.strategies.set(id, next);
    return structuredClone(next);
  }

  async get<Kind extends RecordKind>(kind: Kind, id: string): Promise<RecordOf<Kind> | undefined> {
    return structuredClone(this.records.get(`${kind}#${id}`)?.record) as RecordOf<Kind> | undefined; // stored under its kind
  }

  async all<Kind extends 'FREEZE' | 'LATCH' | 'CHECKPOINT' | 'MESSAGE' | 'RESTORATION' | 'PLANNEDHALT' | 'ALERT'>(
    kind: Kind,
  ): Promise<RecordOf<Kind>[]> {
    return this.#ofKind(kind).filter(
      (each) =>
        !(
          ('settledAt' in each && each.settledAt !== undefined) ||
          ('resolvedAt' in each && each.resolvedAt !== undefined)
        ),
    );
  }

  async replace(record: VersionedRecord): Promise<boolean> {
    if (!this.#follows(record)) return false;
    await this.put(record);
    return true;
  }

  async put(record: ControlRecord): Promise<void> {
    this.records.set(keyOf(record), structuredClone(record));
  }

  async latchScope(latch: ScopeLatch): Promise<ScopeLatch> {
    const stands = await this.get('LATCH', latch.id);
    const { version = 1, ...first } = stands ?? latch;
    const next = stands && !stands.liftedAt ? { ...first, version: version + 1 } : { ...latch, version: 1 };
    this.records.set(`LATCH#${latch.id}`, { kind: 'LATCH', record: structuredClone(next) });
    return next;
  }

  async page(
    log: LogId,
    { from, limit, order }: { from?: number | undefined; limit: number; order: 'asc' | 'desc' },
  ): Promise<LedgerPage | undefined> {
    const sealed = this.logs.get(log);
    if (!sealed) return undefined;
    const head = this.headOf(log);
    const start = order === 'asc' ? (from ?? 0) : Math.min(from ?? head.size, head.size - 1);
    const chosen =
      order === 'asc'
        ? sealed.slice(start, start + limit)
        : sealed.slice(Math.max(0, start - limit + 1), start + 1).toReversed();
    const entries = chosen.map(({ text, receipt }) => ({
      index: receipt.index,
      leafHash: receipt.leafHash,
      entry: JSON.parse(text) as unknown,
    }));
    const next = order === 'asc' ? start + limit : start - limit;
    return {
      log,
      size: head.size,
      root: rootOfRange(head.range),
      entries,
      ...(next >= 0 && next < head.size && { next }),
    };
  }

  async append(log: LogId, entries: readonly NewEntry[], at: Date): Promise<Receipt[]> {
    return this.#appended(log, entries, at);
  }

  #appended(log: LogId, entries: readonly NewEntry[], at: Date): Receipt[] {
    const { head, sealed } = seal(log, this.heads.get(log) ?? EMPTY_HEAD, entries, at);
    this.heads.set(log, head);
    this.logs.set(log, [...(this.logs.get(log) ?? []), ...sealed]);
    return sealed.map(({ receipt }) => receipt);
  }

  async commitTo<Reply>(log: LogId, decide: () => Promise<LogDecision<Reply>>, at: Date) {
    for (;;) {
      const before = this.heads.get(log);
      const { entries, records = [], reply } = await decide();
      if (entries.length === 0) return { reply, receipt: undefined };
      if (this.heads.get(log) !== before || !this.#fit(records)) continue; // somebody else came first
      const receipt = this.#appended(log, entries, at).at(-1); // nobody comes in between: nothing is waited for from here on
      for (const record of records.map((each) => withReceipt(each, receipt)))
        this.records.set(keyOf(record), structuredClone(record));
      return { reply, receipt };
    }
  }

  async count({ at, ...attempt }: RefusedAttempt): Promise<void> {
    const key = counterOf({ ...attempt, minute: minuteOf(at) });
    const now = at.toISOString();
    const { count, ...first } = this.counters.get(key) ?? { ...attempt, minute: minuteOf(at), count: 0, firstAt: now };
    this.counters.set(key, { ...first, count: count + 1, lastAt: now });
  }

  async due(before: Date): Promise<RefusalCount[]> {
    const due = [...this.counters].filter(([, { minute }]) => minute < before.toISOString());
    return structuredClone(due.toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, each]) => each));
  }

  async seal(
    counters: readonly RefusalCount[],
    entries: readonly NewEntry[],
    at: Date,
  ): Promise<Receipt[] | undefined> {
    if (!counters.every((each) => isDeepStrictEqual(this.counters.get(counterOf(each)), each))) return undefined;
    for (const each of counters) this.counters.delete(counterOf(each));
    return this.append(LogId.parse('access'), entries, at);
  }

  headOf(log: string): LedgerHead {
    const strategy = this.strategies.get(log);
    return strategy ? { size: strategy.ledgerSize, range: strategy.ledgerRange } : (this.heads.get(log) ?? EMPTY_HEAD);
  }

  /** The types of a log's entries, oldest first: what a test reads like a story. */
  storyOf(log: string): string[] {
    return (this.logs.get(log) ?? []).map(({ text }) => (JSON.parse(text) as { type: string }).type);
  }
}

const keyOf = ({ kind, record }: ControlRecord): string => `${kind}#${record.id}`;
const sortOf = (record: ControlRecord): string => String(recordItem(record, new Date(0))['sort']);
