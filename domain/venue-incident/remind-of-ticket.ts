import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { entryOf } from './entry-of.ts';
import type { VenueIncident } from './venue-incident.ts';
import { WATCH } from './venue-step.ts';

type RemindPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

const MOST_WAIT_MS = 120_000;

/** Runbook 5.3.2: reminds people once, two minutes into an incident or half-way to its deadline, that nobody has logged a ticket of the venue. */
export async function remindOfTicket(seen: VenueIncident, ports: RemindPorts): Promise<boolean> {
  if (!isDue(seen, ports.now())) return false;
  const key = { key: `${seen.runId}/RemindOfTicket`, body: { run: seen.runId } };
  const decide = async (state: Strategy): Promise<Decision<boolean>> => {
    const incident = await ports.records.get('VENUEINCIDENT', seen.id);
    const now = ports.now();
    if (incident?.runId !== seen.runId || !isDue(incident, now)) return { state, entries: [], reply: false };
    return { ...reminder(incident, state, now), reply: true };
  };
  return (await change(seen.strategyId, key, decide, ports)).reply;
}

const reminder = (incident: VenueIncident, state: Strategy, now: Date): Omit<Decision, 'reply'> => {
  const { id, strategyId, runId, venue, killAt, version } = incident;
  return {
    state,
    entries: [entryOf(incident, 'venue-incident.ticket-due', WATCH, { killAt })],
    records: [
      {
        kind: 'VENUEINCIDENT',
        record: { ...incident, remindedAt: now.toISOString(), version: version + 1 },
      },
      ...announce('venue-ticket-due', { strategyId, runId, venue, incident: id, killAt }, now),
    ],
  };
};

function isDue({ status, tickets, remindedAt, openedAt, killAt }: VenueIncident, now: Date): boolean {
  const opened = Date.parse(openedAt);
  const wait = Math.min(MOST_WAIT_MS, (Date.parse(killAt) - opened) / 2);
  return status === 'open' && tickets.length === 0 && remindedAt === undefined && now.getTime() - opened >= wait;
}
