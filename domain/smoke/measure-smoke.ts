import type { SmokeReport } from '../engine/smoke-report.ts';
import type { SmokeBand } from './smoke-bands.ts';

/** By band; null is what the report does not prove. */
export type Measured = Readonly<Record<SmokeBand, number | null>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** How many minutes lie between the first and the last replayed one, closed hours and gaps included. */
export const spanMinutes = ({ window }: Pick<SmokeReport, 'window'>): number =>
  (Date.parse(window.to) - Date.parse(window.from)) / MINUTE_MS;

/** How long ago the newest replayed minute ended, in hours. */
export const ageHours = ({ window }: Pick<SmokeReport, 'window'>, now: Date): number =>
  (now.getTime() - Date.parse(window.to)) / HOUR_MS;

/**
 * What a report says about each band. A replay without orders has measured none of them, and more minutes than its window
 * holds are no minutes at all.
 */
export function measureSmoke(report: SmokeReport, now: Date): Measured {
  const { bars, orders, rejects, cancels, latency } = report;
  const largest = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values));
  return {
    bars: bars <= spanMinutes(report) ? bars : null,
    orders: orders.length,
    notional: largest(orders.map(({ quantity, price }) => Math.abs(quantity * price))),
    'price-distance': largest(
      orders.map(({ price, referencePrice }) => (Math.abs(price - referencePrice) / referencePrice) * 10_000),
    ),
    rejects: orders.length + rejects === 0 ? null : rejects,
    'cancel-ratio': cancels === undefined || orders.length === 0 ? null : cancels / orders.length,
    latency: latency.p95Ms,
    age: ageHours(report, now),
  };
}
