import { alertId, type MonitorFinding } from '../finding.ts';
import { type Latency, type LatencyWindow, latencyOf } from '../latency-window.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';

/**
 * Runbook 3.2 and product decision 5: the 95th percentile of order round trips stays below the guardrail on every instance; a breach throttles. Of too few
 * orders for a percentile, as after a launch, one alone would do that: there it has to last, and the newest orders have to be slow. An instance that has
 * sent no order for a quarter of an hour has nothing to be judged by.
 */
export const latency = (sample: Sample, { latency: settings }: StrategyMonitors): MonitorFinding[] =>
  sample.instances.flatMap((instance) => slow(sample, instance, settings));

function slow(
  sample: Sample,
  { instanceId, lease }: InstanceSample,
  settings: StrategyMonitors['latency'],
): MonitorFinding[] {
  const window = lease?.telemetry?.roundTrips;
  const measured = latencyOf(window, settings, sample.now);
  if (!measured || measured.p95Ms < settings.p95Ms) return [];
  const { p95Ms, samples, spanMs } = measured;
  const about = { strategyId: sample.state.id, rule: 'latency' as const, subject: `roundTrip@${instanceId}` };
  const acts =
    stoodMs(sample.standing, alertId(about), sample.now) >=
    hasToLastMs(measured, { window, now: sample.now, fromMs: settings.p95Ms }, settings);
  return [
    {
      ...{ ...about, ...(acts ? { level: 'act', action: 'throttle' } : { level: 'warn' }) },
      ...{ measured: p95Ms, threshold: settings.p95Ms, unit: 'ms', instanceId },
      detail: `the 95th percentile of order round trips of ${instanceId} is ${p95Ms} ms (${samples} orders in ${Math.round(spanMs / 1000)} s), and must stay below ${settings.p95Ms} ms`,
    },
  ];
}

/** Round trips are kept in slots of five seconds: in less there may be none whole. */
const LEAST_S = 10;

type Slow = { readonly window: LatencyWindow | undefined; readonly now: Date; readonly fromMs: number };

/**
 * How long orders have to be slow, `fromMs` on: no time where they are enough for a percentile, else half of the window. For ever where no order of
 * that half is slow: one that was says little, however long it is the newest.
 */
export function hasToLastMs(
  { samples }: Pick<Latency, 'samples'>,
  { window, now, fromMs }: Slow,
  settings: StrategyMonitors['latency'],
): number {
  if (samples >= settings.minSamples) return 0;
  const windowSeconds = Math.max(LEAST_S, settings.windowSeconds / 2);
  const newest = latencyOf(window, { ...settings, windowSeconds, minSamples: 0 }, now);
  return newest && newest.p95Ms >= fromMs ? settings.windowSeconds * 500 : Number.POSITIVE_INFINITY;
}
