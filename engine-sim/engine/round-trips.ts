/** Upper bounds of the buckets, in ms: finest around the 120 ms guardrail. */
export const BOUNDS_MS = [
  1, 2, 5, 10, 20, 40, 60, 80, 100, 110, 120, 130, 150, 200, 300, 500, 1000, 2000, 5000,
] as const;

/** Order round trips (sent to acknowledged), counted for the next renewal and kept for the status. */
export type RoundTrips = {
  add(ms: number, at: number): void;
  /** Counts since the last `forget`. */
  histogram(): { boundsMs: number[]; counts: number[] };
  /** Takes off what an answered renewal reported; what came meanwhile stays. */
  forget(counts: readonly number[]): void;
  /** 95th percentile of the last minute, or of the last 20 round trips within 15 minutes; null without any. */
  p95(at: number): number | null;
};

const KEPT = 5_000;
const WINDOW_MS = 60_000;
const WIDEST_MS = 15 * 60_000;
const ENOUGH = 20;

export function roundTrips(): RoundTrips {
  const counts: number[] = new Array(BOUNDS_MS.length + 1).fill(0);
  const samples: { ms: number; at: number }[] = [];
  return {
    add(ms, at) {
      const bucket = BOUNDS_MS.findIndex((bound) => ms <= bound);
      const index = bucket < 0 ? BOUNDS_MS.length : bucket;
      counts[index] = (counts[index] ?? 0) + 1;
      samples.push({ ms, at });
      if (samples.length > KEPT) samples.shift();
    },
    histogram: () => ({ boundsMs: [...BOUNDS_MS], counts: [...counts] }),
    forget(reported) {
      reported.forEach((count, index) => {
        counts[index] = Math.max(0, (counts[index] ?? 0) - count);
      });
    },
    p95(at) {
      const recent = samples.filter((sample) => at - sample.at <= WINDOW_MS);
      const wide =
        recent.length >= ENOUGH ? recent : samples.filter((sample) => at - sample.at <= WIDEST_MS).slice(-ENOUGH);
      return percentile(
        wide.map(({ ms }) => ms),
        0.95,
      );
    },
  };
}

/** Nearest-rank percentile; null of nothing. */
export function percentile(values: readonly number[], rank: number): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * rank) - 1)] ?? null;
}
