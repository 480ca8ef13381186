import * as z from 'zod';
import { OpenOrder } from './open-order.ts';
import { Position, ProfitAndLoss } from './position.ts';
import { TradingMode } from './trading-mode.ts';

const instanceId = z.string().min(1);
const epoch = z.int().min(0);

/** The halt is in force, and will be after a restart too. `openOrders` rested at that moment; they are being cancelled. */
export const Halted = z.object({
  instanceId,
  halted: z.literal(true),
  epoch,
  openOrders: z.int().min(0),
  haltedAt: z.iso.datetime(),
});
export type Halted = z.infer<typeof Halted>;

/** The latch is lifted; `mode` stays SAFE until a lease grants more. */
export const Armed = z.object({ instanceId, armed: z.literal(true), epoch, mode: TradingMode });
export type Armed = z.infer<typeof Armed>;

/** What is in force after a `mode` or `throttle`: possibly safer than asked. */
export const InForce = z.object({ instanceId, epoch, mode: TradingMode, maxOrdersPerSec: z.number().min(0) });
export type InForce = z.infer<typeof InForce>;

export const CancelRequested = z.object({ cancelRequested: z.int().min(0) });
export type CancelRequested = z.infer<typeof CancelRequested>;

/** What is left after residual state was flushed (runbook 4.4). `cash` is in the currency of `pnl`. */
export const Settled = z.object({
  instanceId,
  settled: z.literal(true),
  openOrders: z.array(OpenOrder),
  positions: z.array(Position),
  cash: z.number(),
  pnl: ProfitAndLoss,
});
export type Settled = z.infer<typeof Settled>;

/** One order that a probe put out, and the market's price that it was kept away from. */
export const ProbeOrder = z.object({
  venue: z.string().min(1).max(40),
  orderId: z.string().min(1).max(100),
  instrument: z.string().min(1).max(40),
  side: z.enum(['buy', 'sell']),
  quantity: z.number().positive(),
  price: z.number().positive(),
  referencePrice: z.number().positive(),
});
export type ProbeOrder = z.infer<typeof ProbeOrder>;

/** What an instance did when its halts were rehearsed: the orders it put out, or that its lease is lost to it. */
export const Probed = z.object({ instanceId, placed: z.array(ProbeOrder).max(100), leaseLost: z.boolean() });
export type Probed = z.infer<typeof Probed>;
