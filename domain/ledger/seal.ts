import { canonicalJson } from './canonical-json.ts';
import { LedgerEntry, type LogId, type NewEntry, type Receipt } from './ledger-entry.ts';
import { appendLeaf, type CompactRange, leafHash } from './merkle.ts';

/** The head of a log: how many entries it has, and the compact range of its Merkle tree. */
export type LedgerHead = { readonly size: number; readonly range: CompactRange };

/** An entry ready to be written: its canonical text is what was hashed, byte for byte. */
export type SealedEntry = { readonly text: string; readonly receipt: Receipt };

export const EMPTY_HEAD: LedgerHead = { size: 0, range: [] };

/** Appends entries to a log, purely: gives them their sequence and time, and computes the next head (architecture section 4). */
export function seal(
  log: LogId,
  head: LedgerHead,
  entries: readonly NewEntry[],
  at: Date,
): { head: LedgerHead; sealed: SealedEntry[] } {
  let { size, range } = head;
  const sealed = entries.map((entry) => {
    const record = LedgerEntry.parse({
      ...entry,
      v: 1,
      log,
      seq: size,
      at: at.toISOString(),
      proofs: entry.proofs ?? [],
    });
    const text = canonicalJson(record);
    const receipt = { log, index: size, leafHash: leafHash(text) };
    range = appendLeaf(size, range, receipt.leafHash);
    size += 1;
    return { text, receipt };
  });
  return { head: { size, range }, sealed };
}
