import type { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { LogPart } from './checklist-facts.ts';

const AT_ONCE = 500;
/** A run has some hundreds of entries; what was attested about it comes within weeks. */
const MOST_ENTRIES = 20_000;

/** The entries of a log from an index on, up to its end or to the most that are wanted (20,000 when nothing is said), as they are stored. */
export async function readLogPart(
  log: LogId,
  from: number,
  { ledger }: { readonly ledger: Pick<Ports['ledger'], 'page'> },
  most = MOST_ENTRIES,
): Promise<LogPart> {
  const entries: LogPart['entries'][number][] = [];
  let next: number | undefined = from;
  let size = from;
  while (next !== undefined && next - from < most) {
    const page = await ledger.page(log, { from: next, limit: AT_ONCE, order: 'asc' });
    entries.push(...(page?.entries ?? []));
    size = Math.max(size, page?.size ?? 0);
    next = page?.next;
  }
  return { log, from, to: next ?? size, cut: next !== undefined, entries };
}
