import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { judgeLook, type VenueLook, type VenueVerdict, withLook } from './judge-look.ts';
import { type LookPorts, lookAtVenue } from './look-at-venue.ts';
import { remindOfTicket } from './remind-of-ticket.ts';
import type { VenueIncident } from './venue-incident.ts';
import { readWatched, type VenueStep } from './venue-step.ts';
import { killReason } from './venue-words.ts';

export type WatchPorts = LookPorts & Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/**
 * Runbook 5.3.3, each ten seconds: succeeds when the venue has been stable for the agreed time. Otherwise it throws what is so: VenueUnstable, and it is
 * looked at again; VenueKillDue, when the deadline has come or risk is threatened; VenueIncidentOver, when something else has ended it. Where the store does
 * not answer that fault is thrown, and the machine holds the deadline without us.
 */
export async function watchVenue(step: VenueStep, ports: WatchPorts): Promise<StepResult> {
  const { incident, state } = await readWatched(step, ports);
  const look = await lookAtVenue(incident, state, ports);
  const seen = await keepLook(incident, look, ports);
  const verdict = judgeLook(seen, look);
  if (verdict.is === 'unstable') await remindOfTicket(seen, ports); // what ends it waits for no reminder
  return told(seen, state, verdict);
}

/** Somebody may log a ticket meanwhile: then the look is noted over that. What still cannot be noted is judged all the same. */
async function keepLook(incident: VenueIncident, look: VenueLook, { records }: WatchPorts): Promise<VenueIncident> {
  const seen = withLook(incident, look);
  if (await records.replace({ kind: 'VENUEINCIDENT', record: seen })) return seen;
  const now = await records.get('VENUEINCIDENT', incident.id);
  const again = withLook(now?.runId === incident.runId ? now : incident, look);
  await records.replace({ kind: 'VENUEINCIDENT', record: again });
  return again;
}

function told(incident: VenueIncident, { id }: Strategy, verdict: VenueVerdict): StepResult {
  const { venue, killAt } = incident;
  switch (verdict.is) {
    case 'stable':
      return { summary: `${venue} is stable for ${id}: ${verdict.why}`, verdict: 'go' };
    case 'threatening':
      throw new Refusal('VenueKillDue', verdict.why, `${id} is killed`, { incident: incident.id });
    case 'too-late':
      throw new Refusal('VenueKillDue', killReason(incident), `${id} is killed`, { incident: incident.id, killAt });
    case 'unstable':
      throw new Refusal('VenueUnstable', verdict.why, `it is killed at ${killAt} unless it is stable by then`, {
        incident: incident.id,
        killAt,
      });
  }
}
