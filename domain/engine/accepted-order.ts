import * as z from 'zod';
import { OpenOrder } from './open-order.ts';

/** What became of an order that a venue took. `unknown` where the venue does not say. */
export const OrderFate = z.enum(['resting', 'filled', 'cancelled', 'expired', 'unknown']);
export type OrderFate = z.infer<typeof OrderFate>;

/** One order that a venue took, whole as it was sent, with what became of it, when, and at which price where it was filled. */
export const AcceptedOrder = OpenOrder.extend({
  clientOrderId: z.string().min(1).max(100).optional(),
  outcome: OrderFate.catch('unknown').default('unknown'),
  endedAt: z.iso.datetime().optional(),
  filledPrice: z.number().positive().optional(),
});
export type AcceptedOrder = z.infer<typeof AcceptedOrder>;

/** One page of them, oldest first. `next` is where the following page begins; `keptSince` when the venue has dropped what came before. */
export const AcceptedOrders = z.object({
  orders: z.array(AcceptedOrder).max(1000),
  next: z.string().min(1).max(200).optional(),
  keptSince: z.iso.datetime().optional(),
});
export type AcceptedOrders = z.infer<typeof AcceptedOrders>;

/** The part of a venue's orders that is asked for: taken at `since` or later and before `until`, after the cursor of the page before. */
export type AcceptedQuery = { readonly since: string; readonly until: string; readonly after?: string | undefined };
