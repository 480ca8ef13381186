import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import { storedEntry } from '../review/stored-entry.ts';
import type { LogPart } from './checklist-facts.ts';

/** An entry that is what was written: its leaf hash was computed again from its text. */
export type SoundEntry = { readonly index: number; readonly leafHash: string; readonly entry: LedgerEntry };

/** The entries that are what was written, and what is wrong with the others; none may be missing in between. */
export type SoundLog = { readonly entries: readonly SoundEntry[]; readonly wrong: readonly string[] };

/** Computes every leaf hash of a part of a log again, and counts its entries: one that was changed, moved or taken out is named. */
export function soundLog({ log, from, to, entries }: LogPart): SoundLog {
  const judged = Array.from({ length: to - from }, (_, at) => judge(log, from + at, entries[at]));
  const wrong = judged.filter((each) => typeof each === 'string');
  if (entries.length > to - from) wrong.push(`${log} shows more entries than it has`);
  return { entries: judged.filter((each) => typeof each !== 'string'), wrong };
}

function judge(log: string, index: number, stored: LogPart['entries'][number] | undefined): SoundEntry | string {
  if (stored?.index !== index) return `entry ${index} of ${log} is missing`;
  const { altered, leafHash, entry } = storedEntry(stored, log);
  return altered === undefined ? { index, leafHash, entry } : `entry ${index} of ${log} ${altered}`;
}
