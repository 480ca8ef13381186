import type { Alert } from '../alert/alert.ts';
import { readRegistration } from '../change.ts';
import { settingsFor } from '../monitor/monitor-settings.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import type { VenueIncident } from '../venue-incident/venue-incident.ts';
import type { Restriction } from './restriction.ts';

/** What is known of the causes that hold a strategy back. */
export type LiftEvidence = {
  /** Every open alert of the strategy, and those that its causes name, over or not. */
  readonly alerts: readonly Alert[];
  /** The incidents that its causes name. */
  readonly incidents: readonly VenueIncident[];
  /** For how long a monitor must have found nothing, in milliseconds (product decision 5: recovery needs a quiet period). */
  readonly quietMs: number;
};

export type LiftEvidencePorts = { readonly records: Pick<Ports['records'], 'get' | 'all'> };

const USUAL_QUIET_MINUTES = 5; // where no thresholds are stored

/** Looks at the alerts and incidents behind a restriction. */
export async function liftEvidence(
  { id }: Pick<Strategy, 'id'>,
  { causes }: Restriction,
  { records }: LiftEvidencePorts,
): Promise<LiftEvidence> {
  const [open, named, incidents, monitors, registration] = await Promise.all([
    records.all('ALERT'),
    Promise.all(causes.map((cause) => records.get('ALERT', cause.id))),
    Promise.all(causes.map((cause) => records.get('VENUEINCIDENT', cause.id))),
    records.get('MONITORS', 'monitors'),
    readRegistration(id, { records }),
  ]);
  const own = open.filter(({ strategyId }) => strategyId === id);
  const others = named.filter((each) => each !== undefined && !own.some((known) => known.id === each.id));
  const quiet = monitors ? settingsFor(monitors, registration).latency.quietMinutes : USUAL_QUIET_MINUTES;
  return {
    alerts: [...own, ...others.filter((each) => each !== undefined)],
    incidents: incidents.filter((each) => each !== undefined),
    quietMs: quiet * 60_000,
  };
}
