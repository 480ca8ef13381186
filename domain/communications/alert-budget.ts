import type { Delivery } from './delivery.ts';

/** The regulatory ceiling of an alert (MiFID II RTS 6 Art. 16(5): "within five seconds of the relevant event"). */
export const ALERT_CEILING_MS = 5_000;

export type Percentiles = { readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number };

/** `fromEvent` counts from when it happened, `fromDetection` from when a rule of ours knew; both until the provider was asked. */
export type AlertBudget = {
  readonly deliveries: number;
  readonly acknowledged: number;
  readonly fromEvent: Percentiles | null;
  readonly fromDetection: Percentiles | null;
  /** Of all deliveries that should have been sent by now: how many were within the ceiling, from 0 to 1. Nothing where there are none. */
  readonly shareInTime: number | null;
};

/**
 * How fast people were told. Percentiles are by nearest rank (the smallest time that at least so many percent of the deliveries did
 * not exceed; no interpolation) and count acknowledged deliveries, up to the try that was acknowledged. What failed, and what has
 * waited longer than the ceiling, was not in time; what waits for less is not counted yet.
 */
export function alertBudget(deliveries: readonly Delivery[], now: Date): AlertBudget {
  const sent = deliveries.flatMap(({ status, at, detectedAt, sentAt }) =>
    status === 'acknowledged' && sentAt !== undefined
      ? [{ fromEvent: since(at, sentAt), fromDetection: since(detectedAt, sentAt) }]
      : [],
  );
  const late = deliveries.filter(
    ({ status, at }) =>
      status === 'failed' || (status === 'waiting' && since(at, now.toISOString()) > ALERT_CEILING_MS),
  );
  const due = sent.length + late.length;
  return {
    deliveries: deliveries.length,
    acknowledged: sent.length,
    fromEvent: percentiles(sent.map(({ fromEvent }) => fromEvent)),
    fromDetection: percentiles(sent.map(({ fromDetection }) => fromDetection)),
    shareInTime: due === 0 ? null : sent.filter(({ fromEvent }) => fromEvent <= ALERT_CEILING_MS).length / due,
  };
}

/** Clocks of two machines may differ by a moment: nothing is sent before it happened. */
const since = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

function percentiles(times: readonly number[]): Percentiles | null {
  const sorted = times.toSorted((left, right) => left - right);
  const rank = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  const [p50Ms, p95Ms, p99Ms] = [rank(50), rank(95), rank(99)];
  return p50Ms === undefined || p95Ms === undefined || p99Ms === undefined ? null : { p50Ms, p95Ms, p99Ms };
}
