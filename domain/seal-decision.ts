import type { ControlRecord } from './control-record.ts';
import type { Decision } from './decision.ts';
import { LogId, type Receipt } from './ledger/ledger-entry.ts';
import { type SealedEntry, seal } from './ledger/seal.ts';
import type { Strategy } from './strategy.ts';

const PENDING_AT_ONCE = 50; // a transaction holds 100 items: more would block every later write, a recovery among them

/** A decision as it is written: the next state with its ledger head, the sealed entries, and the records with their receipt. */
export type SealedDecision = {
  readonly strategy: Strategy;
  readonly sealed: readonly SealedEntry[];
  readonly records: readonly ControlRecord[];
  readonly receipts: Receipt[];
};

/**
 * Turns a decision into exactly what one transaction writes. Entries that kills left pending come first, in their order
 * and with their own time of decision in the payload, so that nothing a kill recorded is lost.
 */
export function sealDecision(before: Strategy, decision: Decision, at: Date): SealedDecision {
  const pending = before.pendingEntries.slice(0, PENDING_AT_ONCE).map(({ at: decidedAt, ...entry }) => ({
    ...entry,
    payload: { ...entry.payload, decidedAt },
  }));
  const log = LogId.parse(before.id);
  const { head, sealed } = seal(
    log,
    { size: before.ledgerSize, range: before.ledgerRange },
    [...pending, ...decision.entries],
    at,
  );
  const receipts = sealed.slice(pending.length).map(({ receipt }) => receipt);
  return {
    strategy: {
      ...decision.state,
      ledgerSize: head.size,
      ledgerRange: [...head.range],
      pendingEntries: before.pendingEntries.slice(PENDING_AT_ONCE),
      version: before.version + 1,
    },
    sealed,
    records: (decision.records ?? []).map((record) => withReceipt(record, receipts.at(-1))),
    receipts,
  };
}

function withReceipt(record: ControlRecord, receipt: Receipt | undefined): ControlRecord {
  return record.kind === 'COMMAND' && receipt ? { kind: 'COMMAND', record: { ...record.record, receipt } } : record;
}
