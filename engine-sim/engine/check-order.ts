import type { TradingMode } from './engine-state.ts';
import type { FlowLimits } from './flow-settings.ts';

export type WantedOrder = {
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
  /** An order of the day where it is left out. */
  readonly timeInForce?: 'day' | 'gtc' | undefined;
};
/** `position` is signed; `resting` are orders that may still fill. */
export type Exposure = { readonly position: number; readonly resting: readonly WantedOrder[] };

/**
 * The last barrier before the venue, whatever the order flow wants: one sentence why not, or nothing. Counts every resting
 * order on the same side as if it filled.
 */
export function checkOrder(
  order: WantedOrder,
  { position, resting }: Exposure,
  limits: FlowLimits,
  mode: TradingMode,
): string | undefined {
  if (mode === 'SAFE') return 'no orders in SAFE';
  const limit = limits.instruments[order.instrument];
  if (!limit) return `${order.instrument} is not in the deployed limits`;
  const sameSide = resting.filter(({ instrument, side }) => instrument === order.instrument && side === order.side);
  const working = sameSide.reduce((sum, { quantity }) => sum + quantity, order.quantity);
  const signed = order.side === 'buy' ? 1 : -1;
  if (mode === 'REDUCE_ONLY' && working > Math.max(0, -position * signed)) return 'only closing orders in REDUCE_ONLY';
  const exposure = Math.abs(position + signed * working);
  if (exposure > Math.max(limit.maxPosition, Math.abs(position)))
    return `position ${exposure} would pass ${limit.maxPosition}`;
  const notional = exposure * order.price;
  if (notional > limit.maxNotional && exposure > Math.abs(position))
    return `notional ${Math.round(notional)} would pass ${limit.maxNotional}`;
  return undefined;
}
