import type { OpenOrder } from '../engine/open-order.ts';
import type { VenueCancel } from '../engine/venue-cancel.ts';
import type { ActorId, RunId, StrategyId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';

/** One look at one venue: what rests there, and what it said to the cancel; or why it said nothing. */
export type Look = { venue: string; orders: OpenOrder[]; cancel?: VenueCancel; unanswered?: string };

/** As many orders of one look are named in its entry; how many rest is always said. */
const MOST_NAMED = 1_000;

/** Asks a venue, with our own credentials, what rests, and cancels that there. One that does not answer keeps no other from being asked, and cancelled at. */
export async function lookAndCancel(
  venue: Venue,
  strategyId: StrategyId,
  { venues }: Pick<Ports, 'venues'>,
): Promise<Look> {
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

/** The looks after which nobody can say that nothing rests. */
export const notEmpty = (looks: readonly Look[]): Look[] =>
  looks.filter(({ orders, unanswered }) => orders.length > 0 || unanswered !== undefined);

/** Who looked, and for which run: what the entry of a look is written by. */
export type Looking = { readonly type: string; readonly actor: ActorId; readonly run: RunId };

/** `refused` says why a venue would not cancel: a window in which it never does is named by the venue itself. */
export const answerOf = ({ venue, orders, cancel, unanswered }: Look, looking: Looking): NewEntry => ({
  ...looking,
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

/** Why it is not empty, of looks that are not: OrdersResting or VenueUnreachable. */
export function whyNotEmpty(open: readonly Look[]): Refusal {
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
