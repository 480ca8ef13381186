import { readRegistration } from '../change.ts';
import { type ActorId, StrategyId } from '../ids.ts';
import { inTurns } from '../kill/turns.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { type FilingPorts, fileIncident } from './file-incident.ts';
import { type OpenVenuePorts, openVenueIncident, type VenueIncidentReply } from './open-venue-incident.ts';
import { incidentId } from './venue-incident.ts';
import type { VenueIncidentRequest } from './venue-incident-request.ts';

export type AddIncidents = {
  readonly mic: string;
  readonly actor: ActorId;
  readonly key: string;
  readonly request: VenueIncidentRequest;
};

/** What came of it for one strategy; `file` is where it is logged. */
export type AddedIncident = VenueIncidentReply & { readonly file: string | null };
export type IncidentsAdded = {
  readonly venue: string;
  readonly incidents: readonly AddedIncident[];
  /** Strategies for which it could not be done, and why: ask again. */
  readonly failed: readonly { readonly strategyId: StrategyId; readonly problem: string }[];
  readonly summary: string;
};

export type AddPorts = OpenVenuePorts & FilingPorts & Pick<Ports, 'strategies' | 'records'>;

const AT_A_TIME = 16;
const PATIENCE_MS = 2_000;

/**
 * Runbook 5.3.1 and 5.3.2: a person says that a venue is in trouble, and logs the ticket of its support: for one strategy, or for all that trade there. One
 * person alone, since it only makes things safer. No strategy holds up another. Refuses a venue at which nothing is registered (UnknownVenue), and an
 * unknown strategy.
 */
export async function addIncidents(command: AddIncidents, ports: AddPorts): Promise<IncidentsAdded> {
  const { mic, request } = command;
  const named = namedIn(request);
  const concerned = named ? [named] : await concernedAt(command, ports);
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  const done = await Promise.allSettled(concerned.map((id) => turn(() => addOne(id, command, ports))));
  const incidents = done.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = done.flatMap((each, at) => {
    const strategyId = concerned[at];
    return each.status === 'rejected' && strategyId ? [{ strategyId, problem: wordsOf(each.reason) }] : [];
  });
  const [first] = done;
  if (incidents.length === 0 && first?.status === 'rejected') throw first.reason;
  return { venue: mic, incidents, failed, summary: summaryOf(mic, incidents, failed.length) };
}

function namedIn({ strategy }: VenueIncidentRequest): StrategyId | undefined {
  if (strategy === undefined || strategy === null) return undefined;
  const id = StrategyId.safeParse(strategy).data;
  if (id) return id;
  throw new Refusal(
    'UnknownStrategy',
    'there is no such strategy',
    'look at the list of strategies; nothing was done',
    {
      strategyId: String(strategy).slice(0, 60),
    },
  );
}

/** Those that trade there, and, where a ticket is logged, those for which it may have been awaited. */
async function concernedAt({ mic, request }: AddIncidents, ports: AddPorts): Promise<StrategyId[]> {
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  const strategies = await ports.strategies.list();
  const found = await Promise.all(
    strategies.map((state) =>
      turn(async () => ({
        state,
        isThere: await tradesAt(mic, state, ports),
      })),
    ),
  );
  const there = found.filter(({ isThere }) => isThere).map(({ state }) => state);
  if (there.length === 0)
    throw new Refusal('UnknownVenue', `nothing is registered to trade at ${mic.slice(0, 40)}`, 'look at: venue list', {
      venue: mic.slice(0, 40),
    });
  const waiting = await Promise.all(there.map((state) => isConcerned(state, { mic, request }, ports)));
  return there.filter((_, at) => waiting[at]).map(({ id }) => id);
}

/** Of what trades, and where cannot be read, that is said by itself, and holds up no other. */
const tradesAt = (mic: string, { id, mode }: Strategy, ports: AddPorts): Promise<boolean> =>
  readRegistration(id, ports).then(
    ({ venues }) => venues.some((each) => each.id === mic),
    () => isTrading(mode),
  );

const isConcerned = async (
  { id, mode }: Strategy,
  { mic, request }: Pick<AddIncidents, 'mic' | 'request'>,
  { records }: AddPorts,
): Promise<boolean> =>
  isTrading(mode) ||
  (request.ticket !== undefined && (await records.get('VENUEINCIDENT', incidentId(id, mic))) !== undefined);

async function addOne(
  strategyId: StrategyId,
  { mic: venue, actor, key: commandId, request }: AddIncidents,
  ports: AddPorts,
): Promise<AddedIncident> {
  const { ticket, reason, ordersPerSec } = request;
  const command = { strategyId, venue, actor, commandId, ticket, reason, ordersPerSec };
  const opened = await openVenueIncident(command, ports);
  const incident = opened.incident === null ? undefined : await ports.records.get('VENUEINCIDENT', opened.incident);
  const file = incident && (await fileIncident(incident, ports));
  return { ...opened, file: file ?? null };
}

const wordsOf = (fault: unknown): string =>
  fault instanceof Refusal ? fault.message : 'the control plane failed at it; ask again';

function summaryOf(mic: string, incidents: readonly AddedIncident[], failed: number): string {
  const [only, ...more] = incidents;
  const lost = failed === 0 ? '' : `; it failed for ${failed} others`;
  if (!only) return `nothing trades at ${mic}: there is nothing to throttle`;
  if (more.length === 0) return `${only.summary}${lost}`;
  const opened = incidents.filter(({ changed }) => changed).length;
  return `${mic}: ${opened} incidents opened, ${incidents.length - opened} noted${lost}`;
}
