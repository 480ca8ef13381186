import type { ActorId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { VenueIncident } from './venue-incident.ts';

/** An entry about an incident: every one names the incident, its venue, and the run of the machine that watches it. */
export const entryOf = (
  { id, venue, runId }: VenueIncident,
  type: string,
  actor: ActorId,
  payload: Readonly<Record<string, unknown>>,
): NewEntry => ({ type, actor, run: runId, payload: { incident: id, venue, ...payload } });
