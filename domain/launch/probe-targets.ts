import type { VenueKind } from '../engine/venue-kind.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { ProbedVenue } from './kill-path-report.ts';

type RegisteredVenue = Registration['venues'][number];

/** A venue at which the kill path is probed, and how. */
export type ProbeTarget = { readonly venue: RegisteredVenue; readonly probed: ProbedVenue };

/** Asks each venue what it is before anything is put out there: an order goes where nothing is live, or where people have said that it may. */
export const probeTargets = ({ venues }: Registration, ports: Pick<Ports, 'venues'>): Promise<ProbeTarget[]> =>
  Promise.all(venues.map(async (venue) => ({ venue, probed: probedVenue(venue, await kindOf(venue, ports)) })));

/** The rule: what is registered as live, or as nothing, is probed with no order unless its policy says so; a venue that says otherwise than its registration gets none. */
export function probedVenue({ id, kind, probe }: RegisteredVenue, says: VenueKind | null): ProbedVenue {
  const registered = kind ?? 'live';
  const agreed = says !== null && (registered === 'live' || says !== 'live');
  const wanted = probe ?? (registered === 'live' ? 'empty' : 'order');
  return { venue: id, way: agreed ? wanted : 'empty', registered, says, agreed };
}

async function kindOf(venue: RegisteredVenue, { venues }: Pick<Ports, 'venues'>): Promise<VenueKind | null> {
  try {
    return await venues.kind(venue);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return null;
  }
}
