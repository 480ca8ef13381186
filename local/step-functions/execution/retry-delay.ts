import type { Retrier } from '../definition/machine.ts';

/** How long to wait before attempt number `spent + 1` of a retrier, in ms. Full jitter draws from the whole delay. */
export function retryDelay(retrier: Retrier, spent: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
  const delay = 1000 * Math.min(IntervalSeconds * BackoffRate ** spent, MaxDelaySeconds);
  return Math.round(JitterStrategy === 'FULL' ? delay * random() : delay);
}
