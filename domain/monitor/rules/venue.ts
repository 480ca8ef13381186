import { alertId, type MonitorFinding } from '../finding.ts';
import { latencyOf } from '../latency-window.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { beatAgeMs } from './beat-age.ts';
import { hasToLastMs } from './latency.ts';
import { hasToldSinceLive, toldBy } from './told.ts';

type Trouble = Pick<MonitorFinding, 'detail' | 'measured' | 'threshold' | 'unit'> & {
  readonly subject: string;
  /** How long it has to last before it counts. */
  readonly lastsMs: number;
};

/**
 * Runbook 5.3: an execution venue is unstable when orders wait for its acknowledgements for some time, when acknowledgements stay away while
 * something waits for one, or when order round trips take very long. A report tells of no single venue, so the strategy's primary one is named.
 */
export const venue = (sample: Sample, settings: StrategyMonitors): MonitorFinding[] =>
  sample.instances.flatMap((instance) =>
    [
      ...backlog(sample, instance, settings),
      ...unacknowledged(sample, instance, settings),
      ...slow(sample, instance, settings),
    ].map(({ subject, lastsMs, ...trouble }): MonitorFinding => {
      const { instanceId } = instance;
      const about = { strategyId: sample.state.id, rule: 'venue' as const, subject: `${subject}@${instanceId}` };
      const acts = stoodMs(sample.standing, alertId(about), sample.now) >= lastsMs;
      const level = acts ? { level: 'act' as const, action: 'venue-instability' as const } : { level: 'warn' as const };
      return { ...about, ...level, ...trouble, instanceId, venue: sample.registration.primaryVenue };
    }),
  );

function backlog(
  { now }: Sample,
  { instanceId, lease }: InstanceSample,
  { venue: limits }: StrategyMonitors,
): Trouble[] {
  const waiting = toldBy(lease, now).queueBacklog ?? 0; // what cannot be read is told as such
  if (waiting < limits.backlog) return [];
  return [
    {
      ...{ subject: 'backlog', lastsMs: limits.backlogSeconds * 1_000 },
      ...{ measured: waiting, threshold: limits.backlog, unit: 'orders' },
      detail: `${waiting} orders of ${instanceId} wait for more than a second to be acknowledged`,
    },
  ];
}

function unacknowledged(
  { state, now }: Sample,
  { instanceId, lease }: InstanceSample,
  { heartbeats }: StrategyMonitors,
): Trouble[] {
  const { slaMs } = heartbeats.orderAcknowledgements;
  const ageMs = beatAgeMs(lease, 'orderAcknowledgements', now) ?? 0;
  const waiting = toldBy(lease, now).queueBacklog ?? 0;
  if (!hasToldSinceLive(lease, state) || waiting === 0 || ageMs < 2 * slaMs) return [];
  return [
    {
      ...{ subject: 'acknowledgements', lastsMs: 0, measured: Math.round(ageMs), threshold: 2 * slaMs, unit: 'ms' },
      detail: `the venue has acknowledged nothing to ${instanceId} for ${Math.round(ageMs / 100) / 10} s, and ${waiting} orders wait`,
    },
  ];
}

function slow({ now }: Sample, { instanceId, lease }: InstanceSample, { latency }: StrategyMonitors): Trouble[] {
  const window = lease?.telemetry?.roundTrips;
  const measured = latencyOf(window, latency, now);
  if (!measured || measured.p95Ms < latency.pageP95Ms) return [];
  return [
    {
      ...{
        subject: 'roundTrip',
        lastsMs: hasToLastMs(measured, { window, now, fromMs: latency.pageP95Ms }, latency),
        measured: measured.p95Ms,
        threshold: latency.pageP95Ms,
        unit: 'ms',
      },
      detail: `the 95th percentile of order round trips of ${instanceId} is ${measured.p95Ms} ms`,
    },
  ];
}
