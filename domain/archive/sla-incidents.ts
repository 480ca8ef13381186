import type { Delivery } from '../communications/delivery.ts';
import type { StoredEntry } from '../review/stored-entry.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { markdownCell } from './markdown-cell.ts';

/** What a message may take from the event to the provider: the regulator's five seconds. */
const ALERT_MS = 5_000;

/** What entries say that a service level was missed, in words. */
const WORDS: Readonly<Record<string, string>> = {
  'lease.expired': 'an engine lost its lease',
  'engine.halted': 'an engine was halted without us',
  'drain.cancelled': 'the drain reached its deadline, and orders were cancelled',
  'kill.unconfirmed': 'a kill had no second signature in time',
  'approval.voided': 'what was asked to be signed held no longer',
  'flag.unreadable': 'the flag could not be read',
};

type Cited = Pick<StoredEntry, 'index' | 'entry'>;
type Incident = { readonly at: string; readonly what: string; readonly source: string };

/** `sla_incidents.md`: every service level that was missed during a run, by ledger entries, deliveries and minutes without a lease, oldest first. */
export function slaIncidents(
  entries: readonly Cited[],
  deliveries: readonly Delivery[],
  snapshots: readonly Snapshot[],
): string {
  const all = [
    ...entries.flatMap(entryIncident),
    ...deliveries.flatMap(deliveryIncident),
    ...snapshots.flatMap(leaseIncidents),
  ].toSorted((left, right) => (`${left.at} ${left.source}` < `${right.at} ${right.source}` ? -1 : 1));
  const rows = all.map(({ at, what, source }) => `| ${at} | ${markdownCell(what)} | ${markdownCell(source)} |`);
  const table = ['| When (UTC) | What | Source |', '|---|---|---|', ...rows];
  return ['# Service levels that were missed', '', ...(all.length === 0 ? ['None recorded.'] : table), ''].join('\n');
}

function entryIncident({ index, entry: { type, at, payload } }: Cited): Incident[] {
  const source = `ledger entry ${index} (${type})`;
  const what = WORDS[type];
  if (what !== undefined) return [{ at, what, source }];
  if (type !== 'strategy.settled' || payload['verdict'] === 'agrees') return [];
  return [{ at, what: `the settlement ${String(payload['verdict'] ?? 'is not known')}`, source }];
}

function deliveryIncident(delivery: Delivery): Incident[] {
  const { id, at, channel, trigger, status, sentAt, escalatedTo } = delivery;
  const source = `delivery ${id}`;
  const over = escalatedTo === undefined ? '' : `, ${escalatedTo} took over`;
  if (status === 'failed') return [{ at, what: `${trigger} did not reach ${channel}${over}`, source }];
  const took = sentAt === undefined ? undefined : Date.parse(sentAt) - Date.parse(at);
  if (took === undefined || took <= ALERT_MS) return [];
  return [{ at, what: `${trigger} was sent to ${channel} after ${(took / 1000).toFixed(1)} s`, source }];
}

const leaseIncidents = ({ at, instances }: Snapshot): Incident[] =>
  instances.flatMap((each) => {
    const source = `snapshot of ${at}`;
    if ('unknown' in each) return [{ at, what: `${each.instanceId}: ${each.unknown}`, source }];
    return each.expiresAt <= at ? [{ at, what: `${each.instanceId} held no lease`, source }] : [];
  });
