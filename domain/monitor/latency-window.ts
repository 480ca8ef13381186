import * as z from 'zod';
import type { RoundTripHistogram } from '../engine/lease-request.ts';

/**
 * The upper bounds, in ms, that every engine's histogram is merged into, finest around the guardrail of 120 ms (runbook 3.2). What an
 * engine counted up to a bound of its own goes where that bound lies, and what it counted beyond its last bound is beyond ours: the
 * merged figure is never milder than what was measured, and exact for an engine whose bounds are among these.
 */
export const LATENCY_BOUNDS_MS = [
  ...[1, 2, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120],
  ...[130, 140, 150, 175, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000],
] as const;
const BEYOND_MS = 20_000;

/**
 * The round trips of the last minutes, newest first, as lists of numbers: `[slot, bucket, count, bucket, count, ...]`. A slot is 5 s of our
 * clock, counted from 1970, in the last minute, and a whole minute before that, named by its first slot; a bucket is an index into the
 * bounds, one more for what took longer.
 */
export const LatencyWindow = z.array(z.array(z.int().min(0)).min(1).max(67)).max(40);
export type LatencyWindow = z.infer<typeof LatencyWindow>;

export type LatencySettings = {
  readonly windowSeconds: number;
  readonly minSamples: number;
  readonly widestMinutes: number;
};
export type Latency = {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly samples: number;
  /** How far back the oldest of them may lie. */
  readonly spanMs: number;
};

const SLOT_MS = 5_000;
const FINE = 12;
const KEPT = 180;
/** Older minutes are kept until there are so many newer round trips. */
const ENOUGH = 200;

/** Counts by bucket. */
type Counts = Map<number, number>;

/** With the round trips of one renewal that arrived at that moment. Slots of the future (our clock was set back) and those older than a quarter of an hour go. */
export function addRoundTrips(
  window: LatencyWindow | undefined,
  { boundsMs, counts }: RoundTripHistogram,
  at: Date,
): LatencyWindow {
  const current = slotOf(at);
  const slots = new Map<number, Counts>();
  for (const [slot, bucket, count] of entriesOf(window))
    if (slot <= current && slot >= current - KEPT) add(slots, coarse(slot, current), bucket, count);
  counts.forEach((count, index) => {
    if (count > 0) add(slots, current, bucketOf(boundsMs[index]), count);
  });
  return pruned(
    [...slots].toSorted(([a], [b]) => b - a),
    current,
  ).map(([slot, each]) => [slot, ...[...each].toSorted(([a], [b]) => a - b).flat()]);
}

/**
 * Product decision 5: the percentiles of the last `windowSeconds`; with fewer than `minSamples` in them, of as many older slots as it takes, at most
 * `widestMinutes` back. Nothing without round trips. A slot counts when all of it is young enough, so nothing older ever does.
 */
export function latencyOf(
  window: LatencyWindow | undefined,
  settings: LatencySettings,
  now: Date,
): Latency | undefined {
  const { taken, samples, oldest } = newest(window ?? [], settings, now.getTime());
  if (samples === 0) return undefined;
  const [p50Ms, p95Ms, p99Ms] = [quantile(taken, 0.5), quantile(taken, 0.95), quantile(taken, 0.99)];
  return { p50Ms, p95Ms, p99Ms, samples, spanMs: now.getTime() - oldest };
}

/** All of the window, and before it only until there are enough. */
function newest(window: LatencyWindow, { windowSeconds, minSamples, widestMinutes }: LatencySettings, now: number) {
  const taken: Counts = new Map();
  let [samples, oldest] = [0, now];
  const youngest = now - windowSeconds * 1_000;
  const widest = Math.min(youngest, now - widestMinutes * 60_000);
  for (const slot of window.toSorted((a, b) => Number(b[0]) - Number(a[0]))) {
    const from = Number(slot[0]) * SLOT_MS;
    if (from > now || from < (samples < minSamples ? widest : youngest)) continue;
    for (const [, bucket, count] of entriesOf([slot])) {
      taken.set(bucket, (taken.get(bucket) ?? 0) + count);
      samples += count;
    }
    oldest = from;
  }
  return { taken, samples, oldest };
}

/** The round trips of the last minute as one histogram. */
export function histogramOf(window: LatencyWindow, now: Date): RoundTripHistogram {
  const counts: number[] = new Array(LATENCY_BOUNDS_MS.length + 1).fill(0);
  for (const [slot, bucket, count] of entriesOf(window))
    if (slot <= slotOf(now) && slot > slotOf(now) - FINE) counts[bucket] = Number(counts[bucket]) + count;
  return { boundsMs: [...LATENCY_BOUNDS_MS], counts };
}

const slotOf = (at: Date): number => Math.floor(at.getTime() / SLOT_MS);

const coarse = (slot: number, current: number): number =>
  slot >= current - FINE ? slot : Math.floor(slot / FINE) * FINE;

function bucketOf(boundMs: number | undefined): number {
  const index = LATENCY_BOUNDS_MS.findIndex((bound) => boundMs !== undefined && boundMs <= bound);
  return index < 0 ? LATENCY_BOUNDS_MS.length : index;
}

function add(slots: Map<number, Counts>, slot: number, bucket: number, count: number): void {
  const counts = slots.get(slot) ?? new Map<number, number>();
  slots.set(slot, counts.set(bucket, (counts.get(bucket) ?? 0) + count));
}

/** Every count with its slot and bucket; a bucket that there is not counts as the slowest. */
function* entriesOf(window: LatencyWindow | undefined): Generator<[slot: number, bucket: number, count: number]> {
  for (const [slot = 0, ...pairs] of window ?? [])
    for (let index = 0; index + 1 < pairs.length; index += 2)
      yield [slot, Math.min(Number(pairs[index]), LATENCY_BOUNDS_MS.length), Number(pairs[index + 1])];
}

/** Whole minutes behind enough newer round trips are never needed again. */
function pruned(slots: [number, Counts][], current: number): [number, Counts][] {
  let newer = 0;
  return slots.filter(([slot, counts]) => {
    const isKept = slot >= current - FINE || newer < ENOUGH;
    newer += [...counts.values()].reduce((sum, count) => sum + count, 0);
    return isKept;
  });
}

/** In the bucket where that rank lies, as if its round trips lay evenly in it: more or slower ones never give less. To a tenth of a ms. */
function quantile(counts: Counts, part: number): number {
  const rank = part * [...counts.values()].reduce((sum, count) => sum + count, 0);
  let [below, ms] = [0, 0];
  for (const [bucket, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    const from = LATENCY_BOUNDS_MS[bucket - 1] ?? 0;
    const to = LATENCY_BOUNDS_MS[bucket] ?? BEYOND_MS;
    if (below < rank) ms = from + (to - from) * Math.min(1, (rank - below) / count);
    below += count;
  }
  return Math.round(ms * 10) / 10;
}
