import { VENUE_INCIDENTS, venueIncidents } from '../archive/venue-incidents.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { runKey } from '../run-key.ts';
import { type FilingPorts, launchOfIncident } from './file-incident.ts';
import type { VenueIncident } from './venue-incident.ts';
import type { VenueIncidentQuery } from './venue-incident-query.ts';

/** `venue_incidents.md`, rendered from its fragments as they are now. */
export type IncidentFile = { readonly path: string; readonly text: string };
export type IncidentsListed = { readonly incidents: readonly VenueIncident[]; readonly file?: IncidentFile };

const LISTED = 500;

/** The newest incident that each strategy has with each of its venues, the newest first. Refuses an incident that there is not (NotFound). */
export async function listIncidents(query: VenueIncidentQuery, ports: FilingPorts): Promise<IncidentsListed> {
  if (query.id !== undefined) return showIncident(query.id, ports);
  const { strategy, venue, state } = query;
  const incidents = await ports.records.list('VENUEINCIDENT', { limit: LISTED });
  return {
    incidents: incidents
      .filter((each) => strategy === undefined || each.strategyId === strategy)
      .filter((each) => venue === undefined || each.venue === venue)
      .filter(({ status }) => state === 'all' || status === 'open'),
  };
}

async function showIncident(id: string, ports: FilingPorts): Promise<IncidentsListed> {
  const incident = await ports.records.get('VENUEINCIDENT', id);
  if (!incident) throw new Refusal('NotFound', `there is no incident ${id}`, 'look at: venue-incident ls');
  const run = await launchOfIncident(incident, ports);
  if (!run) return { incidents: [incident] };
  const keys = await ports.evidence.list(runKey(run, VENUE_INCIDENTS));
  const fragments = await Promise.all(keys.map((key) => fragmentAt(key, ports)));
  return {
    incidents: [incident],
    file: { path: runKey(run, 'venue_incidents.md'), text: venueIncidents(fragments) },
  };
}

async function fragmentAt(key: string, { evidence }: Pick<Ports, 'evidence'>) {
  const document = await evidence.read(key);
  return { file: key, text: new TextDecoder().decode(document?.bytes) };
}
