import { change, readRegistration } from '../change.ts';
import type { ActorId, StrategyId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import { type RestrictPorts, restrict, type StrategyRestricted } from '../ladder/restrict.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { runName } from '../run-name.ts';
import type { Strategy } from '../strategy.ts';
import { decideOpening, type VenueIncidentOpened } from './decide-opening.ts';
import { readMonitors, USUAL } from './read-monitors.ts';
import { throttleOf } from './throttle-of.ts';
import { incidentId, type VenueIncident } from './venue-incident.ts';
import { venueInput } from './venue-step.ts';

export type OpenVenueIncident = {
  readonly strategyId: StrategyId;
  readonly venue: string;
  /** Number of the ticket with the venue's support, where there is one already. */
  readonly ticket?: string | undefined;
  readonly reason: unknown;
  readonly actor: ActorId;
  readonly commandId: string;
  /** Orders per second; without, what `config/monitors.yaml` says (`venue.mitigationOrdersPerSec`). */
  readonly ordersPerSec?: number | undefined;
};

export type OpenVenuePorts = RestrictPorts & {
  readonly executions: Pick<Ports['executions'], 'start'>;
};

export type VenueIncidentReply = VenueIncidentOpened & {
  readonly strategyId: StrategyId;
  /** What came of the throttle; null where nothing was to be throttled, or it could not be done yet: the machine repeats it. */
  readonly throttled: StrategyRestricted | null;
  readonly receipt?: Receipt | undefined;
};

/**
 * Runbook 5.3, for a person or for the watchdog: records the incident with its deadline, throttles the strategy to the mitigation rate, and starts the
 * machine that watches the venue. Deadline first: it holds even where the rest fails, and the machine, which the health tick starts if need be, makes it
 * good. May be repeated. Refuses a venue at which the strategy does not trade (UnknownVenue), and one that nobody knows (UnknownStrategy).
 */
export async function openVenueIncident(
  command: OpenVenueIncident,
  ports: OpenVenuePorts,
): Promise<VenueIncidentReply> {
  const { strategyId, venue } = command;
  const registration = await readRegistration(strategyId, ports);
  requireVenue(registration, venue);
  const settings = (await readMonitors(registration, ports))?.venue ?? USUAL;
  const now = ports.now();
  const id = incidentId(strategyId, venue);
  const key = keyOf(command, await ports.records.get('VENUEINCIDENT', id));
  const runId = runName('venue-instability', strategyId, key.key, now);
  const decide = async (state: Strategy) =>
    decideOpening(state, {
      ...{ venue, runId, actor: command.actor, ticket: command.ticket, reason: cleanReason(command.reason), now },
      ordersPerSec: command.ordersPerSec ?? settings.mitigationOrdersPerSec,
      killAfterSeconds: settings.killAfterSeconds,
      earlier: await ports.records.get('VENUEINCIDENT', id),
    });
  const { reply, receipt, repeated } = await change(strategyId, key, decide, ports);
  const throttled = await mitigate(await standing(reply, ports), ports);
  return { strategyId, ...reply, changed: reply.changed && !repeated, throttled, ...(receipt && { receipt }) };
}

/** The same command is one command; but a monitor, which finds the same again under the same name, means the incident that follows the newest one, or that one while it is open. */
function keyOf({ strategyId, venue, commandId, actor }: OpenVenueIncident, earlier: VenueIncident | undefined) {
  const after = actor.startsWith('service:') && earlier ? `/after/${earlier.runId}` : '';
  return { key: `${commandId}/venue-incident/${strategyId}/${venue}${after}`, body: { strategyId, venue } };
}

function requireVenue({ id, venues }: Registration, venue: string): void {
  if (venues.some((each) => each.id === venue)) return;
  throw new Refusal(
    'UnknownVenue',
    `${id} does not trade at ${venue.slice(0, 40)}`,
    `it trades at ${venues.map((each) => each.id).join(', ')}`,
    { venues: venues.map((each) => each.id) },
  );
}

/** The incident that this command has opened, while it is open. */
async function standing({ incident, runId }: VenueIncidentOpened, { records }: OpenVenuePorts) {
  const found = incident === null ? undefined : await records.get('VENUEINCIDENT', incident);
  return found?.status === 'open' && found.runId === runId ? found : undefined;
}

/** Both at once. Each is repeated by somebody else where it fails here: only when both fail it is said. */
async function mitigate(
  incident: VenueIncident | undefined,
  ports: OpenVenuePorts,
): Promise<StrategyRestricted | null> {
  if (!incident) return null;
  const [throttled, started] = await Promise.allSettled([
    restrict(throttleOf(incident), ports),
    ports.executions.start('venue-instability', incident.runId, venueInput(incident)),
  ]);
  if (throttled.status === 'rejected' && started.status === 'rejected') throw throttled.reason;
  return throttled.status === 'fulfilled' ? throttled.value : null;
}
