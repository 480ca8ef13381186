import type { ControlRecord } from './control-record.ts';
import type { Decision } from './decision.ts';
import { canonicalJson } from './ledger/canonical-json.ts';
import { type Changes, changesBetween, changesToWhole } from './ledger/control-state.ts';
import { LogId, type NewEntry, type Receipt } from './ledger/ledger-entry.ts';
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
 * The last entry says what the decision changed (`payload.changes`), so that the state at any moment can be had from entries
 * alone. Throws a TypeError for a rule that writes `changes` itself, or that changes a state without an entry.
 */
export function sealDecision(before: Strategy, decision: Decision, at: Date): SealedDecision {
  const taken = decision.entries.find(({ payload }) => 'changes' in payload);
  if (taken) throw new TypeError(`${taken.type} writes 'changes' itself, which is for what a decision changed`);
  const pending = drained(before);
  const known = before.ledgerSize === 0 && pending.length === 0 ? undefined : before;
  const { head, sealed } = seal(
    LogId.parse(before.id),
    { size: before.ledgerSize, range: before.ledgerRange },
    [...pending, ...saying(decision.entries, changesBetween(known, decision.state))],
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

/**
 * What waited. The kills that left it changed the state without the ledger, so its last entry says all of what they led to. A write
 * whose answer was lost is sent again, and so the same entry may wait twice: it is one kill.
 */
function drained(before: Strategy): NewEntry[] {
  const once = new Map(before.pendingEntries.slice(0, PENDING_AT_ONCE).map((entry) => [canonicalJson(entry), entry]));
  const waiting = [...once.values()].map(({ at: decidedAt, ...entry }) => ({
    ...entry,
    payload: { ...entry.payload, decidedAt },
  }));
  return waiting.length === 0 ? [] : saying(waiting, changesToWhole(before));
}

/** The entries, the last of them with what changed. */
function saying(entries: readonly NewEntry[], changes: Changes): NewEntry[] {
  const [last, ...earlier] = entries.toReversed();
  if (Object.keys(changes).length === 0) return [...entries];
  if (!last) throw new TypeError(`${Object.keys(changes).join(', ')} changed without an entry that says so`);
  return [...earlier.toReversed(), { ...last, payload: { ...last.payload, changes } }];
}

/** A command's record with the receipt of what it wrote, which a repeat gets again. */
export function withReceipt(record: ControlRecord, receipt: Receipt | undefined): ControlRecord {
  return record.kind === 'COMMAND' && receipt ? { kind: 'COMMAND', record: { ...record.record, receipt } } : record;
}
