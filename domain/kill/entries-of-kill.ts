import type { Run } from '../control-record.ts';
import { LedgerEntry, LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';

/** An entry as it stands in its log. */
export type CitedEntry = { readonly index: number; readonly leafHash: string; readonly entry: LedgerEntry };

const AT_ONCE = 200;
/** Nothing of a kill stands before these. */
const BEGINNINGS = ['kill.requested', 'drill.started'];

/** The entries of a kill, read backwards from the newest one to its request. Throws for one that is no entry of ours. */
export async function entriesOfKill(
  { id, strategyId }: Pick<Run, 'id' | 'strategyId'>,
  { ledger }: Pick<Ports, 'ledger'>,
): Promise<CitedEntry[]> {
  const found: CitedEntry[] = [];
  let from: number | undefined;
  do {
    const page = await ledger.page(LogId.parse(strategyId), { from, limit: AT_ONCE, order: 'desc' });
    if (!page) return found;
    const entries = page.entries.map(({ entry, ...place }) => ({ ...place, entry: LedgerEntry.parse(entry) }));
    found.push(...entries.filter(({ entry }) => entry.run === id));
    from = page.next;
  } while (from !== undefined && !found.some(({ entry }) => BEGINNINGS.includes(entry.type)));
  return found;
}
