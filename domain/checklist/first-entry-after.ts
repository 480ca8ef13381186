import * as z from 'zod';
import type { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';

/** The clocks of two writers may differ by this much. */
const SKEW_MS = 60_000;

const Timed = z.object({ at: z.iso.datetime() });

/**
 * The index from which a log was written at this time or later, a minute earlier to be sure: found by halving, in as many reads as the size
 * has binary digits. An entry that tells no time counts as an early one, so that whoever reads on meets it.
 */
export async function firstEntryAfter(
  log: LogId,
  time: string,
  { ledger }: { readonly ledger: Pick<Ports['ledger'], 'page'> },
): Promise<number> {
  const since = Date.parse(time) - SKEW_MS;
  const size = (await ledger.page(log, { from: 0, limit: 1, order: 'asc' }))?.size ?? 0;
  let [early, late] = [0, size];
  while (early < late) {
    const middle = Math.floor((early + late) / 2);
    const page = await ledger.page(log, { from: middle, limit: 1, order: 'asc' });
    const at = Timed.safeParse(page?.entries[0]?.entry).data?.at;
    if (at !== undefined && Date.parse(at) < since) early = middle + 1;
    else late = middle;
  }
  return early;
}
