import type { Ledger, LedgerPage } from '../ports/strategies.ts';
import { type EntryFilter, matches } from './entry-filter.ts';
import type { LogId } from './ledger-entry.ts';

/** Where to begin (an index), how many entries to give at most, which way, and which. */
export type LogSearch = {
  readonly from?: number | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly where: EntryFilter;
};

const AT_ONCE = 500;
const PAGES_AT_MOST = 4; // of 1 MB each: what one reply can hold

/**
 * The entries of a log that match, and `next`, the index to go on from. One search looks at 2,000 entries at most, so few or
 * none may come with a `next`: whoever wants all follows it until it is absent. Nothing when there is no such log.
 * It matches on the text that was hashed, never on attributes beside it: those are no part of a leaf, so changing one would
 * hide an entry from every search, and no root would tell.
 */
export async function searchLog(
  log: LogId,
  { from, limit, order, where }: LogSearch,
  { ledger }: { readonly ledger: Pick<Ledger, 'page'> },
): Promise<LedgerPage | undefined> {
  const found: LedgerPage['entries'] = [];
  const atOnce = Object.keys(where).length === 0 ? limit : AT_ONCE;
  let [next, looked] = [from, 0];
  let page: LedgerPage | undefined;
  do {
    page = await ledger.page(log, { from: next, limit: atOnce, order });
    if (!page) return undefined;
    next = take(page, { limit, order, where }, found);
    looked += 1;
  } while (next !== undefined && found.length < limit && looked < PAGES_AT_MOST);
  return { log, size: page.size, root: page.root, entries: found, ...(next !== undefined && { next }) };
}

/** Adds what matches of a page, up to the limit. Answers where to go on: right behind the last one taken when others are left over. */
function take(page: LedgerPage, { limit, order, where }: LogSearch, found: LedgerPage['entries']): number | undefined {
  const matching = page.entries.filter(({ entry }) => matches(entry, where));
  const taken = matching.slice(0, limit - found.length);
  found.push(...taken);
  const last = taken.at(-1);
  if (!last || taken.length === matching.length) return page.next;
  return order === 'asc' ? last.index + 1 : last.index - 1;
}
