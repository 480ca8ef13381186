import * as z from 'zod';

/**
 * One order that rests at a venue, or may: sent and neither filled, cancelled nor rejected as far as is known. `quantity` is what is still open.
 * `timeInForce` is `gtc` where the venue says that the order stays until it is cancelled; left out, or anything else, it ends with the day.
 */
export const OpenOrder = z.object({
  orderId: z.string().min(1).max(100),
  venue: z.string().min(1).max(40),
  instrument: z.string().min(1).max(40),
  side: z.enum(['buy', 'sell']),
  quantity: z.number().positive(),
  price: z.number().positive(),
  submittedAt: z.iso.datetime(),
  timeInForce: z.enum(['day', 'gtc']).optional().catch(undefined),
});
export type OpenOrder = z.infer<typeof OpenOrder>;

export const OpenOrders = z.object({ orders: z.array(OpenOrder) });
export type OpenOrders = z.infer<typeof OpenOrders>;
