import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { Alert } from './alert.ts';

/** What comes back within this time after it was over is the same trouble. */
export const RELAPSE_MS = 5 * 60_000;

/**
 * How long, in milliseconds, an alert has to be milder or away before it comes down or is over: `resolveAfterSeconds`, twice as long after each
 * relapse, up to five minutes. So what flutters tells people a few times, and then stands until it is quiet.
 */
export function holdMs(
  { relapses }: Pick<Alert, 'relapses'>,
  { resolveAfterSeconds }: StrategyMonitors['alerts'],
): number {
  const first = resolveAfterSeconds * 1_000;
  return Math.max(first, Math.min(first * 2 ** relapses, RELAPSE_MS));
}
