import type { SmokeBands } from '../registration.ts';
import { type Finding, finding } from './finding.ts';

export type SmokeOrders = {
  bars: number;
  orders: readonly { quantity: number; price: number; referencePrice: number }[];
  rejects: number;
};

/** Runbook 2.4: every order of the replayed 15 minutes stays in its band. Too few orders or no data prove nothing, so they are a no-go. */
export function checkSmoke({ bars, orders, rejects }: SmokeOrders, bands: SmokeBands, minutes: number): Finding[] {
  const largest = Math.max(0, ...orders.map(({ quantity, price }) => Math.abs(quantity * price)));
  const farthest = Math.max(
    0,
    ...orders.map(({ price, referencePrice }) => (Math.abs(price - referencePrice) / referencePrice) * 10_000),
  );
  const band = (check: string, ok: boolean, expected: string, actual: number) =>
    finding(ok && Number.isFinite(actual), 'SmokeOutOfTolerance', {
      check: `smoke.${check}`,
      expected,
      actual: String(Math.round(actual * 100) / 100),
    });
  return [
    band('bars', bars >= minutes, `>= ${minutes} recorded minutes`, bars),
    band(
      'orders',
      orders.length >= bands.minOrders && orders.length <= bands.maxOrders,
      `${bands.minOrders} to ${bands.maxOrders}`,
      orders.length,
    ),
    band('notional', largest <= bands.maxNotional, `<= ${bands.maxNotional} for the largest order`, largest),
    band(
      'price-distance',
      farthest <= bands.maxPriceDistanceBps,
      `<= ${bands.maxPriceDistanceBps} bps from the reference`,
      farthest,
    ),
    band('rejects', rejects <= bands.maxRejects, `<= ${bands.maxRejects}`, rejects),
  ];
}
