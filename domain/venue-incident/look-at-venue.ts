import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { leaseId } from '../lease/lease.ts';
import { judgeStrategy } from '../monitor/judge-strategy.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { Sample } from '../monitor/sample.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import type { VenueLook } from './judge-look.ts';
import { readMonitors } from './read-monitors.ts';
import type { VenueIncident } from './venue-incident.ts';

export type LookPorts = Pick<Ports, 'now'> & {
  readonly records: Pick<Ports['records'], 'get' | 'all'>;
  readonly venues: Pick<Ports['venues'], 'kind'>;
};

/**
 * One look at a venue in trouble (runbook 5.3): what the engines' newest leases tell, by the rules of monitoring; the strategy's open alerts; and whether
 * the venue answers us, asked with our own credentials. Throws where the store does not answer: then nothing is known.
 */
export async function lookAtVenue(
  { venue, strategyId }: VenueIncident,
  state: Strategy,
  ports: LookPorts,
): Promise<VenueLook> {
  const registration = await readRegistration(strategyId, ports);
  const [settings, unanswered, alerts, instances] = await Promise.all([
    readMonitors(registration, ports),
    whyUnanswered(venue, registration, ports),
    ports.records.all('ALERT'),
    leasesOf(registration, ports),
  ]);
  const now = ports.now();
  const sample = { state, registration, instances, limits: undefined, targets: undefined, drift: undefined, now };
  return { findings: findingsIn(sample, settings), alerts, unanswered, settings, now };
}

const leasesOf = (registration: Registration, { records }: LookPorts): Promise<Sample['instances']> =>
  Promise.all(
    enginesOf(registration).map(async ({ instanceId }) => ({
      instanceId,
      lease: await records.get('LEASE', leaseId(registration.id, instanceId)),
    })),
  );

const findingsIn = (sample: Sample, settings: StrategyMonitors | undefined) =>
  settings ? judgeStrategy(sample, ofTheWindow(settings)) : [];

/** Of the newest minute alone: a strategy that sends few orders, or none, is not to be killed for those from before its venue became fast again. */
const ofTheWindow = (settings: StrategyMonitors): StrategyMonitors => ({
  ...settings,
  latency: { ...settings.latency, minSamples: 0 },
});

/** Nothing where it answers. */
async function whyUnanswered(
  venueId: string,
  { id, venues: registered }: Registration,
  { venues }: LookPorts,
): Promise<string | undefined> {
  const venue = registered.find((each) => each.id === venueId);
  if (!venue) return `${id} trades at ${venueId} no longer, by its registration`;
  try {
    await venues.kind(venue);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}
