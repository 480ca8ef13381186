import { canonicalJson } from '../ledger/canonical-json.ts';
import { LedgerEntry } from '../ledger/ledger-entry.ts';
import { leafHash } from '../ledger/merkle.ts';
import type { LedgerPage } from '../ports/strategies.ts';

/** An entry as it stands in its log, and why it is not what was written, where it is not. */
export type StoredEntry = {
  readonly index: number;
  readonly leafHash: string;
  readonly entry: LedgerEntry;
  /** Its canonical bytes, whose hash the leaf is. */
  readonly text: string;
  readonly altered?: string;
};

/** Holds a stored entry against its own leaf hash, its log and its place. One that is no entry at all is told as such; nothing in it is believed. */
export function storedEntry(
  { index, leafHash: leaf, entry: raw }: LedgerPage['entries'][number],
  log: string,
): StoredEntry {
  const [read, text] = [LedgerEntry.safeParse(raw).data, canonicalJson(raw)];
  if (!read) return { index, leafHash: leaf, text, entry: nothingOf(log, index), altered: 'is no entry' };
  const place = { index, leafHash: leaf, text, entry: read };
  if (leafHash(text) !== leaf) return { ...place, altered: 'is not what was written' };
  if (read.log !== log || read.seq !== index)
    return { ...place, altered: `says that it is entry ${read.seq} of ${read.log}` };
  return place;
}

const nothingOf = (log: string, seq: number): LedgerEntry =>
  LedgerEntry.parse({
    ...{
      v: 1,
      log,
      seq,
      at: new Date(0).toISOString(),
      type: 'unreadable.entry',
      actor: 'nobody',
      payload: {},
      proofs: [],
    },
  });
