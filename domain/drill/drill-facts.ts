import { channelsOf, deliveryId } from '../communications/announce.ts';
import type { RunId } from '../ids.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { DrillFacts, Notice } from './score-drill.ts';

/** What a drill is scored from: the entries of its kill, and its notices as they stand in the outbox. */
export async function drillFacts(
  run: RunId,
  entries: readonly LedgerEntry[],
  { records }: Pick<Ports, 'records'>,
): Promise<DrillFacts> {
  const notices = await Promise.all(
    channelsOf('kill-switch').map(async (channel): Promise<Notice> => {
      const delivery = await records.get('DELIVERY', deliveryId(run, 'kill-switch', channel));
      return { channel, at: delivery?.at };
    }),
  );
  return { run, entries, notices };
}
