import type { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { type StoredEntry, storedEntry } from './stored-entry.ts';

const AT_ONCE = 500;
const MOST_PAGES = 400;

export type LogPorts = { readonly ledger: Pick<Ports['ledger'], 'page'> };

/** A part of a log: from this index on, up to the one before `to`. */
export type LogRange = { readonly from: number; readonly to: number };

/** The entries of a part of a log, oldest first, each held against its leaf hash. Throws a RangeError for a part of more than 200,000 entries. */
export async function readEntries(log: LogId, { from, to }: LogRange, { ledger }: LogPorts): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  let next: number | undefined = from;
  for (let pages = 0; next !== undefined && next < to; pages += 1) {
    if (pages === MOST_PAGES)
      throw new RangeError(`${log} has more than ${MOST_PAGES * AT_ONCE} entries from ${from} on`);
    const page = await ledger.page(log, { from: next, limit: AT_ONCE, order: 'asc' });
    found.push(...(page?.entries ?? []).filter(({ index }) => index < to).map((each) => storedEntry(each, log)));
    next = page?.next;
  }
  return found;
}

/** The newest entries of a log, newest first, until one of them is what was looked for; at most 200,000 of them. */
export async function readBackTo(
  log: LogId,
  isIt: (stored: StoredEntry) => boolean,
  { ledger }: LogPorts,
): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  let from: number | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await ledger.page(log, { from, limit: AT_ONCE, order: 'desc' });
    const entries = (page?.entries ?? []).map((each) => storedEntry(each, log));
    const at = entries.findIndex(isIt);
    found.push(...(at < 0 ? entries : entries.slice(0, at + 1)));
    from = page?.next;
    if (at >= 0 || from === undefined) break;
  }
  return found;
}
