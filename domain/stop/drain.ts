import * as z from 'zod';
import { OpenOrder } from '../engine/open-order.ts';
import { RunId, StrategyId } from '../ids.ts';
import { DrainPolicy } from '../registration.ts';

/** An order that stays where it rests, as it was signed for. `notional` is quantity times price, in the currency of the instrument. */
export const LeftOrder = OpenOrder.pick({
  venue: true,
  orderId: true,
  instrument: true,
  side: true,
  quantity: true,
  price: true,
}).extend({ notional: z.number().positive() });
export type LeftOrder = z.infer<typeof LeftOrder>;

/** What an engine instance says of its orders; null where it says nothing, and then whether its lease still lives. */
export const DrainedEngine = z.object({
  instance: z.string(),
  open: z.int().min(0).nullable(),
  leaseUntil: z.iso.datetime().optional(),
});
export type DrainedEngine = z.infer<typeof DrainedEngine>;

/** What a venue says itself, null where it says nothing; when it closes, and when it takes no cancels: now, or next that day. */
export const DrainedVenue = z.object({
  venue: z.string(),
  open: z.int().min(0).nullable(),
  closesAt: z.iso.datetime().optional(),
  noCancel: z.object({ name: z.string(), from: z.iso.datetime(), to: z.iso.datetime() }).optional(),
});
export type DrainedVenue = z.infer<typeof DrainedVenue>;

/** How far the drain of a strategy is (runbook 4.3), from the last look; afterwards, the orders that were left with a signature and rest still. One record for each strategy. */
export const Drain = z.object({
  id: StrategyId,
  run: RunId,
  at: z.iso.datetime(),
  /** The deadline, at which the policy applies. */
  until: z.iso.datetime(),
  policy: DrainPolicy,
  engines: z.array(DrainedEngine),
  venues: z.array(DrainedVenue),
  left: z.array(LeftOrder).optional(),
});
export type Drain = z.infer<typeof Drain>;
