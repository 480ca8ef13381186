import type { ControlRecord } from './control-record.ts';
import type { NewEntry } from './ledger/ledger-entry.ts';
import type { Strategy } from './strategy.ts';

/**
 * What a rule decided: the next state, the entries to record, other items that must be written with them, and the reply.
 * It commits as one write or not at all. No entries means that there is nothing to write.
 */
export type Decision<Reply = unknown> = {
  readonly state: Strategy;
  readonly entries: readonly NewEntry[];
  readonly records?: readonly ControlRecord[];
  readonly reply: Reply;
};
