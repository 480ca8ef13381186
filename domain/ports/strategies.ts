import type { ControlRecord, RecordKind, RecordOf } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { StrategyId } from '../ids.ts';
import type { ScopeLatch } from '../kill/scope-latch.ts';
import type { LogId, NewEntry, Receipt } from '../ledger/ledger-entry.ts';
import type { Latch, Strategy } from '../strategy.ts';

/** The control state of strategies, with the head of their ledgers. Reads are strongly consistent. */
export interface Strategies {
  /** The strategy, or nothing when it is not registered. */
  read(id: StrategyId): Promise<Strategy | undefined>;
  list(): Promise<Strategy[]>;
  /** State, entries and records in one write (architecture section 3). Nothing at all is written, and nothing returned, when another writer came first. */
  commit(before: Strategy, decision: Decision, at: Date): Promise<Receipt[] | undefined>;
  /**
   * The last resort of a kill: one unconditional update that latches, raises the epoch and keeps the entry for the next
   * append. It cannot lose a race.
   */
  latchUnconditionally(id: StrategyId, latch: Latch, entry: NewEntry, at: Date): Promise<Strategy>;
}

/** The same for who looks at all of them each second. */
export interface BulkStrategies extends Strategies {
  /** Those of the given that are registered, in any order: a bounded number of strongly consistent reads, however many there are. */
  readMany(ids: readonly StrategyId[]): Promise<Strategy[]>;
}

/** A record whose version counts its writes. */
export type VersionedRecord = Extract<ControlRecord, { readonly record: { version: number } }>;

/** The other items of the control table, by kind and id. */
export interface ControlRecords {
  get<Kind extends RecordKind>(kind: Kind, id: string): Promise<RecordOf<Kind> | undefined>;
  /** Newest first, at most `limit` (default 100). May lag by a moment: for people, never for a decision. */
  list<Kind extends RecordKind>(kind: Kind, options?: { limit?: number }): Promise<RecordOf<Kind>[]>;
  /** Every record of a kind that stands now: for the few kinds that are read whole (freezes, killed scopes, how far logs are signed, messages that wait). */
  all<Kind extends 'FREEZE' | 'LATCH' | 'CHECKPOINT' | 'MESSAGE' | 'RESTORATION' | 'PLANNEDHALT' | 'ALERT'>(
    kind: Kind,
  ): Promise<RecordOf<Kind>[]>;
  /** Writes a projection that needs no ledger entry (a lease, the status of a run, a tick). */
  put(record: ControlRecord): Promise<void>;
  /** Writes a record that has a version over the one before it (version 1: where none is). False when somebody else wrote first: then nothing is written. */
  replace(record: VersionedRecord): Promise<boolean>;
  /**
   * Writes a killed scope unless it stands already, and answers the latch that stands: its version is one more after each kill.
   * Cannot lose a race against another kill, nor against a recovery.
   */
  latchScope(latch: ScopeLatch): Promise<ScopeLatch>;
}

/** The same for who looks at many at a time. */
export interface BulkRecords extends ControlRecords {
  /** Those of the given that are there, in any order: a bounded number of strongly consistent reads. */
  getMany<Kind extends RecordKind>(kind: Kind, ids: readonly string[]): Promise<RecordOf<Kind>[]>;
}

/** One page of a log, as stored. */
export type LedgerPage = {
  log: LogId;
  size: number;
  root: string;
  entries: { index: number; leafHash: string; entry: unknown }[];
  next?: number;
};

/** What a rule decided about records of no strategy: their entries and themselves, written as one. Nothing at all when there are no entries. */
export type LogDecision<Reply = unknown> = {
  readonly entries: readonly NewEntry[];
  readonly records?: readonly ControlRecord[];
  readonly reply: Reply;
};

/** Reading logs, and appending to those that belong to no strategy. */
export interface Ledger {
  /** Nothing when there is no such log. `from` is an index; `order` defaults to oldest first. */
  page(
    log: LogId,
    options: { from?: number | undefined; limit: number; order: 'asc' | 'desc' },
  ): Promise<LedgerPage | undefined>;
  /** Appends to `access` or `desk`, retrying with jitter until it is in or its deadline passes; throws a StoreUnavailable refusal then. */
  append(log: LogId, entries: readonly NewEntry[], at: Date): Promise<Receipt[]>;
  /**
   * Decides, and commits entries and records in one write; decides afresh when anybody else wrote to that log meanwhile, so that
   * what was decided on still stood. Throws what `decide` throws, and StoreUnavailable as `append` does.
   */
  commitTo<Reply>(
    log: LogId,
    decide: () => Promise<LogDecision<Reply>>,
    at: Date,
  ): Promise<{ reply: Reply; receipt?: Receipt | undefined }>;
}
