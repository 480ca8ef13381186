import type { RefusalCount, RefusedAttempt } from '../access/refusal-count.ts';
import type { NewEntry, Receipt } from '../ledger/ledger-entry.ts';

/** Refused attempts of authenticated callers, counted per actor, code and minute until they are sealed into the `access` log. */
export interface Refusals {
  /** Adds one to its counter: durable when this returns, and in nobody's way. */
  count(attempt: RefusedAttempt): Promise<void>;
  /** Counters of minutes that began before this time, oldest first. May lag by a moment, so a counter that is gone or has grown may be among them. */
  due(before: Date): Promise<RefusalCount[]>;
  /**
   * Appends the entries to the `access` log and takes away the counters they stand for, in one write. Nothing at all is
   * written, and nothing returned, when a counter is not as it was read any more, or another writer came first.
   * At most `COUNTERS_AT_ONCE`: a transaction holds 100 items.
   */
  seal(counters: readonly RefusalCount[], entries: readonly NewEntry[], at: Date): Promise<Receipt[] | undefined>;
}

/** One item for the head of the log, and two for each counter: its entry, and its end. */
export const COUNTERS_AT_ONCE = 49;
