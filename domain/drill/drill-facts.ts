import { messageId } from '../communications/announce.ts';
import { deliveriesOf } from '../communications/deliveries-of.ts';
import type { Delivery } from '../communications/delivery.ts';
import { deliveryId } from '../communications/delivery.ts';
import type { RunId } from '../ids.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { DrillFacts, Notice } from './score-drill.ts';

/** What a drill is scored from: the entries of its kill, and what became of its notice on each channel that drills go to (no pager is one). */
export async function drillFacts(
  run: RunId,
  entries: readonly LedgerEntry[],
  { records }: Pick<Ports, 'records'>,
): Promise<DrillFacts> {
  const [message, matrix] = await Promise.all([
    records.get('MESSAGE', messageId(run, 'kill-switch')),
    records.get('MATRIX', 'communications'),
  ]);
  const drafts = (message && matrix && deliveriesOf(message, matrix)) ?? [];
  const writtenAt = entries.find(({ type }) => type === 'kill.announced')?.at;
  const notices = await Promise.all(
    drafts.map(async (draft): Promise<Notice> => {
      const last = await lastOf(draft, records);
      return { channel: last.channel, ...reached(last, writtenAt) };
    }),
  );
  return { run, entries, notices };
}

/** The delivery as it stands, or the one that took over from it in the end: no channel takes over twice. */
async function lastOf(draft: Delivery, records: Pick<Ports['records'], 'get'>): Promise<Delivery> {
  const stands = (await records.get('DELIVERY', draft.id)) ?? draft;
  if (stands.escalatedTo === undefined) return stands;
  const { escalatedTo: channel, message } = stands;
  const { escalatedTo: _next, ...next } = { ...draft, id: deliveryId(message, channel), channel };
  return lastOf(next, records);
}

/** A provider's yes, or else when it stood in the outbox; nothing once it is given up. */
function reached(
  { status, acknowledgedAt }: Delivery,
  writtenAt: string | undefined,
): Pick<Notice, 'at' | 'isAcknowledged'> {
  if (status === 'failed') return {};
  return acknowledgedAt === undefined ? { at: writtenAt } : { at: acknowledgedAt, isAcknowledged: true };
}
