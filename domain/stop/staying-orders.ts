import type { OpenOrder } from '../engine/open-order.ts';
import type { Registration } from '../registration.ts';
import type { Drain, LeftOrder } from './drain.ts';

/** What a stop knows about orders that may stay. */
export type Stay = {
  readonly policy: Registration['policy']['drainPolicy'];
  /** The orders that the risk officer has signed for, once that is recorded. */
  readonly left: readonly LeftOrder[] | undefined;
  /** Nobody signed, or what was signed does not hold. */
  readonly noneMayStay: boolean;
};

/** The stay that a drain's record tells of, for its own run alone. */
export const stayOf = (
  { policy }: Registration,
  drain: Drain | undefined,
  { runId, noneMayStay }: { readonly runId: string; readonly noneMayStay?: true | undefined },
): Stay => ({
  policy: policy.drainPolicy,
  left: drain?.run === runId ? drain.left : undefined,
  noneMayStay: noneMayStay === true,
});

/**
 * The orders that may rest on: those that were signed for, and no more of each than that. Before anybody was asked, where the policy is to
 * leave them, whatever the venue calls good till cancelled; an order of the day never.
 */
export function stayingOrders(orders: readonly OpenOrder[], { policy, left, noneMayStay }: Stay): OpenOrder[] {
  if (left) return orders.filter((order) => left.some((signed) => isSame(signed, order)));
  if (noneMayStay || policy !== 'leave-good-till-cancelled') return [];
  return orders.filter(({ timeInForce }) => timeInForce === 'gtc');
}

/** Whether any order may rest on at a venue, of which nobody has to know what rests there. */
export const mayStayAt = (id: string, { policy, left, noneMayStay }: Stay): boolean =>
  left ? left.some(({ venue }) => venue === id) : !noneMayStay && policy === 'leave-good-till-cancelled';

/** The same order at the same price, with no more open than was signed for: part of it may have been filled. */
const isSame = (signed: LeftOrder, { venue, orderId, side, price, quantity }: OpenOrder): boolean =>
  signed.venue === venue &&
  signed.orderId === orderId &&
  signed.side === side &&
  signed.price === price &&
  quantity <= signed.quantity;

/** The orders as people sign for them, in an order that does not depend on who was asked first. */
export const asLeft = (orders: readonly OpenOrder[]): LeftOrder[] =>
  orders
    .map(({ venue, orderId, instrument, side, quantity, price }) => ({
      ...{ venue, orderId, instrument, side, quantity, price },
      notional: quantity * price,
    }))
    .toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));

const keyOf = ({ venue, orderId }: LeftOrder): string => `${venue}/${orderId}`;

/** One order in a line, for people. */
export const orderWords = ({
  venue,
  orderId,
  instrument,
  side,
  quantity,
  price,
}: Omit<LeftOrder, 'notional'>): string => `${venue} ${orderId}: ${side} ${quantity} ${instrument} at ${price}`;
