import { announce } from '../communications/announce.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { ActorId, RunId } from '../ids.ts';
import { rateWords } from '../ladder/restriction-words.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Strategy } from '../strategy.ts';
import { entryOf } from './entry-of.ts';
import { incidentId, type VenueIncident, withTicket } from './venue-incident.ts';
import { whyOver } from './venue-step.ts';
import { lengthWords, ticketWords } from './venue-words.ts';

export type DecideOpening = {
  readonly venue: string;
  readonly runId: RunId;
  readonly reason: string;
  readonly actor: ActorId;
  readonly ticket?: string | undefined;
  /** Orders per second. */
  readonly ordersPerSec: number;
  readonly killAfterSeconds: number;
  /** The incident that the strategy had with this venue before, or still has. */
  readonly earlier: VenueIncident | undefined;
  readonly now: Date;
};

export type VenueIncidentOpened = {
  readonly incident: string | null;
  readonly runId: RunId | null;
  readonly status: VenueIncident['status'] | null;
  readonly killAt: string | null;
  readonly mode: Strategy['mode'];
  readonly epoch: number;
  /** Whether this command opened it. */
  readonly changed: boolean;
  readonly summary: string;
};

/**
 * Runbook 5.3: opens the incident of a venue for one strategy that trades there, with the moment at which it is killed unless the venue is stable by
 * then; that moment is never moved. Where one is open already, only a ticket is added; what does not trade is as safe as that already. A ticket is logged
 * even after the incident has ended: venues answer late.
 */
export function decideOpening(state: Strategy, command: DecideOpening): Decision<VenueIncidentOpened> {
  const { earlier, ticket, now } = command;
  if (earlier && ticket !== undefined && isAwaited(earlier, state, now))
    return logTicket(state, earlier, { ...command, ticket });
  if (earlier && isOpenFor(earlier, state)) return asItIs(state, earlier);
  if (isTrading(state.mode)) return opened(state, command);
  return ticket === undefined ? asItIs(state, undefined) : noted(state, { ...command, ticket });
}

/** Whether the incident still says something of what trades now: it is open, and the run that traded then goes on. */
const isOpenFor = (incident: VenueIncident, state: Strategy): boolean =>
  whyOver(incident, incident.runId, state) === undefined;

const LATE_MS = 24 * 3_600_000;

/** Whether a ticket is that of this incident: it is open, or ended less than a day ago and either nothing trades by now, or none was logged for it. */
function isAwaited(earlier: VenueIncident, state: Strategy, now: Date): boolean {
  if (isOpenFor(earlier, state)) return true;
  const isRecent = now.getTime() - Date.parse(earlier.endedAt ?? earlier.openedAt) < LATE_MS;
  return isRecent && (!isTrading(state.mode) || (earlier.status === 'stable' && earlier.tickets.length === 0));
}

function opened(state: Strategy, command: DecideOpening): Decision<VenueIncidentOpened> {
  const { venue, runId, reason, actor, killAfterSeconds, now } = command;
  const incident = incidentOf(state, command, now.getTime() + killAfterSeconds * 1_000);
  const { killAt, ordersPerSec } = incident;
  return {
    state,
    entries: [
      entryOf(incident, 'venue-incident.opened', actor, { reason, ordersPerSec, killAt, ...ticketIn(command) }),
    ],
    records: [
      { kind: 'VENUEINCIDENT', record: incident },
      { kind: 'RUN', record: runOf(state, incident) },
      ...announce(
        'venue-incident',
        {
          ...{ strategyId: state.id, runId, venue, reason, ticket: ticketWords(incident) },
          ...{ rate: rateWords(ordersPerSec), killAt },
        },
        now,
      ),
    ],
    reply: replyOf(state, incident, {
      changed: true,
      summary: `${state.id} goes down to ${rateWords(ordersPerSec)}, and is killed at ${killAt} unless ${venue} is stable by then (${lengthWords(killAfterSeconds * 1_000)})`,
    }),
  };
}

const incidentOf = (state: Strategy, command: DecideOpening, killAt: number): VenueIncident => {
  const { venue, runId, reason, actor, ticket, ordersPerSec, earlier, now } = command;
  const at = now.toISOString();
  return {
    ...{ id: incidentId(state.id, venue), venue, strategyId: state.id, runId, reason, by: actor, ordersPerSec },
    ...(state.run && { tradingRun: state.run.id }),
    tickets: ticket === undefined ? [] : [{ ticket, by: actor, at }],
    ...{ openedAt: at, killAt: new Date(killAt).toISOString(), unstable: [reason.slice(0, 500)], unanswered: 0 },
    ...{ status: 'open', version: (earlier?.version ?? 0) + 1 },
  };
};

const runOf = (state: Strategy, { runId, venue, reason, by, openedAt, killAt, tradingRun }: VenueIncident): Run => ({
  ...{ id: runId, machine: 'venue-instability', strategyId: state.id, epoch: state.epoch, status: 'RUNNING' },
  ...{ requestedBy: by, startedAt: openedAt, ...(state.run?.ticket !== undefined && { ticket: state.run.ticket }) },
  request: { venue, reason, openedAt, killAt, tradingRun: tradingRun ?? null },
  summary: `watching ${venue} for ${state.id}: ${reason}`,
});

/** Nothing trades: what is logged is the ticket alone, in an incident that is over as it begins. */
function noted(state: Strategy, command: DecideOpening & { readonly ticket: string }): Decision<VenueIncidentOpened> {
  const { actor, reason, ticket, now } = command;
  const outcome = `${state.id} is ${state.mode}: nothing to throttle`;
  const incident: VenueIncident = {
    ...incidentOf(state, command, now.getTime()),
    ...{ status: 'closed', unstable: [], endedAt: now.toISOString(), endedBy: actor, outcome },
  };
  return {
    state,
    entries: [entryOf(incident, 'venue-incident.noted', actor, { reason, ticket, mode: state.mode })],
    records: [{ kind: 'VENUEINCIDENT', record: incident }],
    reply: replyOf(state, incident, { changed: false, summary: `${outcome}; ticket ${ticket} is logged` }),
  };
}

function logTicket(
  state: Strategy,
  earlier: VenueIncident,
  { actor, ticket, now }: DecideOpening & { readonly ticket: string },
): Decision<VenueIncidentOpened> {
  const logged = withTicket(earlier, { ticket, by: actor, at: now.toISOString() });
  const isNew = logged !== earlier;
  const incident = { ...logged, version: earlier.version + 1 };
  return {
    state,
    entries: isNew ? [entryOf(incident, 'venue-incident.ticket', actor, { ticket })] : [],
    records: [{ kind: 'VENUEINCIDENT', record: incident }],
    reply: replyOf(state, incident, {
      changed: false,
      summary: `ticket ${ticket} of ${earlier.venue} ${isNew ? 'is' : 'was'} logged for ${state.id}${earlier.status === 'open' ? `; it is killed at ${earlier.killAt} unless the venue is stable by then` : ''}`,
    }),
  };
}

function asItIs(state: Strategy, open: VenueIncident | undefined): Decision<VenueIncidentOpened> {
  const summary = open
    ? `the incident of ${open.venue} is open already for ${state.id}, since ${open.openedAt}`
    : `${state.id} is ${state.mode}: it sends nothing to that venue which could be throttled`;
  return { state, entries: [], reply: replyOf(state, open, { changed: false, summary }) };
}

const replyOf = (
  { mode, epoch }: Strategy,
  incident: VenueIncident | undefined,
  said: Pick<VenueIncidentOpened, 'changed' | 'summary'>,
): VenueIncidentOpened => ({
  ...{ incident: incident?.id ?? null, runId: incident?.runId ?? null, status: incident?.status ?? null },
  ...{ killAt: incident?.status === 'open' ? incident.killAt : null, mode, epoch, ...said },
});

const ticketIn = ({ ticket }: DecideOpening) => (ticket === undefined ? {} : { ticket });
