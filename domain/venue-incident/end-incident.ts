import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { ActorId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { entryOf } from './entry-of.ts';
import { incidentId, type VenueIncident } from './venue-incident.ts';
import type { VenueStep } from './venue-step.ts';
import { ticketWords } from './venue-words.ts';

export type EndPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

export type IncidentEnd = { readonly status: 'stable' | 'killed' | 'closed'; readonly outcome: string };
export type EndIncident = Pick<VenueStep, 'strategyId' | 'venue' | 'runId'> & {
  readonly actor: ActorId;
  readonly key: string;
  /** How it ended, by the strategy as it is; nothing where it has not. */
  readonly end: (incident: VenueIncident, state: Strategy) => IncidentEnd | undefined;
};
export type IncidentEnded = { readonly incident: VenueIncident | undefined; readonly receipt?: Receipt | undefined };

/** Ends an incident that is open, once: its record, an entry, and a message that ends the page, in one write. One that has ended stays as it is. */
export async function endIncident(command: EndIncident, ports: EndPorts): Promise<IncidentEnded> {
  const { strategyId, venue, runId, actor, end } = command;
  const decide = async (state: Strategy): Promise<Decision<null>> => {
    const incident = await ports.records.get('VENUEINCIDENT', incidentId(strategyId, venue));
    const isOurs = incident?.status === 'open' && incident.runId === runId;
    const how = isOurs ? end(incident, state) : undefined;
    return incident && how ? ended(incident, state, how, actor, ports.now()) : { state, entries: [], reply: null };
  };
  const { receipt } = await change(strategyId, { key: command.key, body: { run: runId } }, decide, ports);
  const incident = await ports.records.get('VENUEINCIDENT', incidentId(strategyId, venue));
  return { incident: incident?.runId === runId ? incident : undefined, ...(receipt && { receipt }) };
}

function ended(
  incident: VenueIncident,
  state: Strategy,
  { status, outcome }: IncidentEnd,
  actor: ActorId,
  now: Date,
): Decision<null> {
  const { strategyId, runId, venue, version } = incident;
  const about = { strategyId, runId, venue, reason: outcome, ticket: ticketWords(incident) };
  const tickets = incident.tickets.map(({ ticket }) => ticket);
  return {
    state,
    entries: [entryOf(incident, `venue-incident.${status}`, actor, { outcome, tickets })],
    records: [
      {
        kind: 'VENUEINCIDENT',
        record: { ...incident, status, outcome, endedAt: now.toISOString(), endedBy: actor, version: version + 1 },
      },
      ...(status === 'stable' ? announce('venue-stable', about, now) : announce('venue-incident-over', about, now)),
    ],
    reply: null,
  };
}
