import type { StrategyId } from '../ids.ts';
import { LedgerEntry, LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';

const AT_ONCE = 500;
const MOST_PAGES = 40;

/** An entry with where it stands. */
export type CitedEntry = { readonly index: number; readonly leafHash: string; readonly entry: LedgerEntry };

export type ReadsLedger = { readonly ledger: Pick<Ports['ledger'], 'page'> };

/** The entries of a strategy's log, newest first, read as they are asked for; it ends after 20,000. Throws for one that is no entry of ours. */
export async function* entriesBackwards(strategyId: StrategyId, { ledger }: ReadsLedger): AsyncGenerator<CitedEntry> {
  let from: number | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await ledger.page(LogId.parse(strategyId), { from, limit: AT_ONCE, order: 'desc' });
    for (const { entry, ...place } of page?.entries ?? []) yield { ...place, entry: LedgerEntry.parse(entry) };
    from = page?.next;
    if (from === undefined) return;
  }
}
