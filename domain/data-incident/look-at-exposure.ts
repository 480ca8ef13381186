import * as z from 'zod';
import { heldOf } from '../kill/exposure.ts';
import type { Lease } from '../lease/lease.ts';
import { leaseId } from '../lease/lease.ts';
import { beatAgeMs } from '../monitor/rules/beat-age.ts';
import { holdsLease, toldBy } from '../monitor/rules/told.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { SafeModeTimes } from '../safe-mode/safe-mode-times.ts';
import type { EngineSeen, ExposureLook, VenueSeen } from './exposure-look.ts';

type Slas = Pick<SafeModeTimes, 'marketDataSlaMs' | 'featureStoreSlaMs'>;

/** Runbook 5.2.3: what the strategy holds, by the engines' reports and by the venues' own word, and how its feeds are. Throws for nothing that either says or does not say. */
export async function lookAtExposure(
  registration: Registration,
  slas: Slas,
  ports: Pick<Ports, 'records' | 'venues' | 'now'>,
): Promise<ExposureLook> {
  const { id, engines, venues } = registration;
  const [leases, told] = await Promise.all([
    Promise.all(engines.map(({ instanceId }) => ports.records.get('LEASE', leaseId(id, instanceId)))),
    Promise.all(venues.map((venue) => askVenue(venue, id, ports))),
  ]);
  const now = ports.now();
  return {
    at: now.toISOString(),
    engines: engines.map(({ instanceId }, index) => engineSeen(instanceId, leases[index], slas, now)),
    venues: told,
  };
}

const OpenOrders = z.object({ openOrders: z.number().optional().catch(undefined) });

/** The rule: a feed is stable while its heartbeat is within its SLA, as an engine told us that we hear; anything missing is not. */
export function engineSeen(instanceId: string, lease: Lease | undefined, slas: Slas, now: Date): EngineSeen {
  const marketDataMs = beatAgeMs(lease, 'marketData', now) ?? null;
  const featureStoreMs = beatAgeMs(lease, 'featureStore', now) ?? null;
  const heard = holdsLease(lease, now);
  const { positions, pnl } = toldBy(lease, now);
  const { openOrders } = OpenOrders.parse(lease?.report ?? {});
  const within = (age: number | null, sla: number) => age !== null && age <= sla;
  return {
    instanceId,
    ...(lease && { reportedAt: lease.grantedAt }),
    heard,
    ...(openOrders !== undefined && { openOrders }),
    ...(positions && { positions: heldOf(positions) }),
    ...(pnl && { pnl }),
    feeds: { marketDataMs, featureStoreMs },
    stable: heard && within(marketDataMs, slas.marketDataSlaMs) && within(featureStoreMs, slas.featureStoreSlaMs),
  };
}

async function askVenue(
  venue: Venue,
  strategyId: Registration['id'],
  { venues }: Pick<Ports, 'venues'>,
): Promise<VenueSeen> {
  try {
    const [orders, positions] = await Promise.all([
      venues.openOrders(venue, strategyId),
      venues.positions(venue, strategyId),
    ]);
    return { venue: venue.id, openOrders: orders.length, positions: heldOf(positions) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { venue: venue.id, unknown: error.message };
  }
}
