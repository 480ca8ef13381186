import type { Metric } from '../ports/metrics.ts';
import type { StrategyMonitors } from './monitor-settings.ts';
import { type BeatReading, type InstanceReading, readingsOf } from './readings-of.ts';
import type { Sample } from './sample.ts';

/** Metrics with the same dimensions, and what stands beside them in the log. */
export type MetricsOf = {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metrics: readonly Metric[];
  readonly facts?: Readonly<Record<string, string>>;
};

/**
 * What people chart of a strategy (docs/operate.md, "Metrics"), twelve metrics with one instance and ten more with each further one. What is not
 * known is left out, never told as 0. The mode is no number: it stands beside them. Of what is OFF or KILLED nothing is told.
 */
export function metricsOf(sample: Sample, settings: StrategyMonitors): MetricsOf[] {
  const { id, mode } = sample.state;
  if (mode === 'OFF' || mode === 'KILLED') return []; // nobody reads its leases
  const { instances, drift, limitUse } = readingsOf(sample, settings);
  const ofStrategy = [
    ...known('DriftMax', drift && 100 * drift.share, 'Percent'),
    ...known('LimitUseMax', limitUse && 100 * limitUse, 'Percent'),
  ];
  return [
    { dimensions: { Strategy: id }, metrics: ofStrategy, facts: { mode } },
    ...instances.flatMap((each) => ofInstance({ Strategy: id, Instance: each.instanceId }, each)),
  ];
}

function ofInstance(dimensions: { Strategy: string; Instance: string }, reading: InstanceReading): MetricsOf[] {
  const { leaseAgeMs, openOrders, queueBacklog, latency, beats } = reading;
  const acknowledgements = beats.find(({ component }) => component === 'orderAcknowledgements');
  return [
    {
      dimensions,
      metrics: [
        ...known('OpenOrders', openOrders, 'Count'),
        ...known('QueueBacklog', queueBacklog, 'Count'),
        ...known('AcknowledgementP95Ms', latency?.p95Ms, 'Milliseconds'),
        ...known('AcknowledgementsHealthy', Number(isInTime(acknowledgements)), 'None'),
        ...known('LeaseAgeMs', leaseAgeMs, 'Milliseconds'),
      ],
    },
    ...beats.map(({ component, ageMs }) => ({
      dimensions: { ...dimensions, Component: component },
      metrics: known('HeartbeatAgeMs', ageMs, 'Milliseconds'),
    })),
  ];
}

/** A beat that nobody knows of is none in time. */
const isInTime = (beat: BeatReading | undefined): boolean => beat?.ageMs !== undefined && beat.ageMs <= beat.slaMs;

const known = (name: string, value: number | undefined, unit: Metric['unit']): Metric[] =>
  value === undefined ? [] : [{ name, value: Math.round(value * 1000) / 1000, unit }];
