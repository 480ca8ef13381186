import * as z from 'zod';
import { VenueCancel } from '../engine/venue-cancel.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';

/** What a venue said of one order that rested: never more than that it is not there any more, be it cancelled or filled. */
export type OrderOutcome = {
  venue: string;
  orderId: string;
  instrument: string;
  side: string;
  quantity: number;
  price: number;
  firstSeenAt: string;
  lastSeenAt: string;
  /** Why the venue would not cancel it, each reason once. */
  cancelRefused: string[];
  outcome: 'rests no more' | 'rested when the venue last answered';
};

const Order = z.object({
  orderId: z.string(),
  instrument: z.string(),
  side: z.string(),
  quantity: z.number(),
  price: z.number(),
});
const Silence = z.object({ venue: z.string(), unanswered: z.string() });
const Answer = z.object({
  venue: z.string(),
  resting: z.number(),
  orders: z.array(Order),
  refused: VenueCancel.shape.refused.default([]),
});

/** When a venue gave no usable answer, and why: each time that it was another one. */
export const silencesOf = (answers: readonly LedgerEntry[]): { venue: string; at: string; why: string }[] =>
  answers.flatMap(({ at, payload }) => {
    const { success, data } = Silence.safeParse(payload);
    return success ? [{ venue: data.venue, at, why: data.unanswered }] : [];
  });

/** Every order that a venue named while it rested, in the order in which they were seen; and how many it only counted, at most at once. */
export function ordersOf(
  answers: readonly LedgerEntry[],
  emptyAt: string | undefined,
): { orders: OrderOutcome[]; ordersNotNamed: number } {
  const seen = new Map<string, OrderOutcome>();
  let ordersNotNamed = 0;
  for (const { at, payload } of answers) {
    const answer = Answer.safeParse(payload).data;
    if (!answer) continue;
    ordersNotNamed = Math.max(ordersNotNamed, answer.resting - answer.orders.length);
    for (const order of answer.orders) {
      const key = `${answer.venue}/${order.orderId}`;
      const why = answer.refused.filter(({ orderId }) => orderId === order.orderId).map(({ reason }) => reason);
      const before = seen.get(key);
      seen.set(key, {
        venue: answer.venue,
        ...order,
        firstSeenAt: before?.firstSeenAt ?? at,
        lastSeenAt: at,
        cancelRefused: [...new Set([...(before?.cancelRefused ?? []), ...why])],
        outcome: emptyAt === undefined ? 'rested when the venue last answered' : 'rests no more',
      });
    }
  }
  return { orders: [...seen.values()], ordersNotNamed };
}
