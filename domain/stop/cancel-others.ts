import type { OpenOrder } from '../engine/open-order.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { OrdersSeen } from './look-at-orders.ts';
import { mayStayAt, type Stay, stayingOrders } from './staying-orders.ts';

/** What came of the cancels that were sent to a venue; `said` where it gave no usable answer. */
export type CancelsSent = {
  readonly venue: string;
  readonly cancelRequested: number;
  readonly refused: readonly { readonly orderId: string; readonly reason: string }[];
  readonly said?: string;
};

type Others = { readonly seen: OrdersSeen; readonly stay: Stay };

const UNKNOWN = 'it gave no usable answer, and orders may stay there: they are told apart when it answers';

/**
 * Cancels at the venues, with our own keys, whatever rests and may not stay: all at once where nothing stays, else each by its id. A venue that
 * said nothing is asked to cancel as well, unless orders may stay there. Throws for nothing that a venue answers.
 */
export async function cancelOthers(
  { id, venues }: Registration,
  { seen, stay }: Others,
  ports: Pick<Ports, 'venues'>,
): Promise<CancelsSent[]> {
  const staying = stayingOrders(seen.orders, stay);
  const sent = venues.map(async (venue) => {
    const stays = new Set(staying.filter((order) => order.venue === venue.id).map(({ orderId }) => orderId));
    const others = seen.orders.filter((order) => order.venue === venue.id && !stays.has(order.orderId));
    const isSilent = seen.venues.some((each) => each.venue === venue.id && each.open === null);
    if (others.length === 0 && !isSilent) return [];
    if (isSilent && mayStayAt(venue.id, stay))
      return [{ venue: venue.id, cancelRequested: 0, refused: [], said: UNKNOWN }];
    const cancels = stays.size > 0 ? each(venue, others, ports) : all(venue, id, ports);
    return [{ venue: venue.id, ...(await unlessSilent(cancels)) }];
  });
  return (await Promise.all(sent)).flat();
}

const all = (venue: Venue, strategyId: string, { venues }: Pick<Ports, 'venues'>) =>
  venues.cancelAll(venue, strategyId);

async function each(venue: Venue, orders: readonly OpenOrder[], { venues }: Pick<Ports, 'venues'>) {
  const answers = await Promise.all(orders.map(({ orderId }) => venues.cancel(venue, orderId)));
  return {
    cancelRequested: answers.reduce((sum, { cancelRequested }) => sum + cancelRequested, 0),
    refused: answers.flatMap(({ refused }) => refused),
  };
}

async function unlessSilent(cancels: Promise<Omit<CancelsSent, 'venue'>>): Promise<Omit<CancelsSent, 'venue'>> {
  try {
    return await cancels;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { cancelRequested: 0, refused: [], said: error.message };
  }
}
