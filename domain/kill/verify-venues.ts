import { change, readRegistration } from '../change.ts';
import type { OpenOrder } from '../engine/open-order.ts';
import type { VenueCancel } from '../engine/venue-cancel.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { positionsAt } from './positions-at.ts';

/** One look at one venue: what rests there, and what it said to the cancel; or why it said nothing. */
type Look = { venue: string; orders: OpenOrder[]; cancel?: VenueCancel; unanswered?: string };

/** As many orders of one look are named in its entry; how many rest is always said. */
const MOST_NAMED = 1_000;

/**
 * Proves at every venue, with our own credentials, that nothing rests; what does is cancelled there again. Refuses with
 * OrdersResting or VenueUnreachable until then, having recorded what each venue answered, and the machine looks again, backing
 * off. Positions are recorded, never closed.
 */
export async function verifyVenues(command: RunStep, ports: Ports): Promise<StepResult> {
  const { venues } = await readRegistration(command.strategyId, ports);
  const looks = await Promise.all(venues.map((venue) => lookAndCancel(venue, command, ports)));
  const open = looks.filter(({ orders, unanswered }) => orders.length > 0 || unanswered !== undefined);
  if (open.length > 0) {
    await recordAnswers(open, command, ports);
    throw notEmpty(open);
  }
  const positions = await Promise.all(
    venues.map(async (venue) => ({ venue: venue.id, ...(await positionsAt(venue, command.strategyId, ports)) })),
  );
  const changed = await change(
    command.strategyId,
    stepKey(command, 'VerifyVenues'),
    (state) => ({
      state,
      entries: [
        {
          type: 'kill.venues-empty',
          actor: ActorId.parse('service:kill'),
          run: command.runId,
          payload: { venues: looks.map(({ venue }) => ({ venue, orders: 0 })), positions },
        },
      ],
      reply: { summary: `nothing rests at ${venues.map(({ id }) => id).join(', ')}`, verdict: 'go' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

/** One venue that does not answer keeps no other from being asked, and cancelled at. */
async function lookAndCancel(venue: Venue, { strategyId }: RunStep, { venues }: Pick<Ports, 'venues'>): Promise<Look> {
  let orders: OpenOrder[] = [];
  try {
    orders = await venues.openOrders(venue, strategyId);
    if (orders.length === 0) return { venue: venue.id, orders };
    return { venue: venue.id, orders, cancel: await venues.cancelAll(venue, strategyId) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { venue: venue.id, orders, unanswered: error.message };
  }
}

/** Each answer that differs from those before is an entry of its own; the same one again is the same command, and adds nothing. */
async function recordAnswers(looks: readonly Look[], { strategyId, runId }: RunStep, ports: Ports): Promise<void> {
  const answers = looks.map((look) => answerOf(look, runId));
  await change(
    strategyId,
    { key: `${runId}/VerifyVenues/${digestOf(answers)}`, body: { runId } },
    (state) => ({ state, entries: answers, reply: null }),
    ports,
  );
}

/** `refused` says why a venue would not cancel: a window in which it never does is named by the venue itself. */
const answerOf = ({ venue, orders, cancel, unanswered }: Look, run: RunStep['runId']): NewEntry => ({
  type: 'kill.venue-answered',
  actor: ActorId.parse('service:kill'),
  run,
  payload: {
    venue,
    resting: orders.length,
    orders: orders
      .slice(0, MOST_NAMED)
      .map(({ orderId, instrument, side, quantity, price }) => ({ orderId, instrument, side, quantity, price })),
    ...(cancel && { cancelRequested: cancel.cancelRequested, refused: cancel.refused.slice(0, MOST_NAMED) }),
    ...(unanswered !== undefined && { unanswered }),
  },
});

function notEmpty(open: readonly Look[]): Refusal {
  const resting = open.filter(({ orders }) => orders.length > 0);
  const silent = open.flatMap(({ unanswered }) => unanswered ?? []);
  if (resting.length === 0)
    return new Refusal('VenueUnreachable', silent.join('; '), 'it is asked again; ask it by phone what rests there');
  const counts = resting.map(({ venue, orders }) => ({ venue, orders: orders.length }));
  const refused = resting.reduce((sum, { cancel }) => sum + (cancel?.refused.length ?? 0), 0);
  return new Refusal(
    'OrdersResting',
    [`orders still rest at ${counts.map(({ venue, orders }) => `${venue} (${orders})`).join(', ')}`, ...silent].join(
      '; ',
    ),
    refused > 0 ? `${refused} cancels were refused; they are sent again` : 'they are being cancelled again',
    { resting: counts, refused },
  );
}
