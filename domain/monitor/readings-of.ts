import * as z from 'zod';
import { driftLines } from '../drift/drift-lines.ts';
import { targetsOf } from '../drift/targets-of.ts';
import { type Latency, latencyOf } from './latency-window.ts';
import type { StrategyMonitors } from './monitor-settings.ts';
import { beatAgeMs, type Component } from './rules/beat-age.ts';
import { exposureOf } from './rules/exposure.ts';
import { holdsLease, receivedMs, toldBy } from './rules/told.ts';
import type { InstanceSample, Sample } from './sample.ts';

const COMPONENTS: readonly Component[] = [
  'marketData',
  'featureStore',
  'executionGateway',
  'orderAcknowledgements',
  'riskService',
];

/** One component of one instance; nothing for the age of a beat that is missing, unreadable, or still to come. */
export type BeatReading = { readonly component: Component; readonly ageMs: number | undefined; readonly slaMs: number };

/** What can be told of one instance now. Counts are those of its newest report, and nothing once its lease has run out. */
export type InstanceReading = {
  readonly instanceId: string;
  readonly holdsLease: boolean;
  readonly leaseAgeMs: number | undefined;
  readonly openOrders: number | undefined;
  readonly queueBacklog: number | undefined;
  readonly latency: Latency | undefined;
  readonly beats: readonly BeatReading[];
};

/** What can be told of one strategy now; drift and limit use as shares of 1. */
export type Readings = {
  readonly instances: readonly InstanceReading[];
  readonly drift: { readonly instrument: string; readonly share: number } | undefined;
  readonly limitUse: number | undefined;
};

/** What monitoring measures of a strategy, by the very functions that its rules judge with. */
export function readingsOf(sample: Sample, settings: StrategyMonitors): Readings {
  const targets = targetsOf(sample);
  const [worst] = 'missing' in targets ? [] : driftLines(sample, targets.quantities, settings.drift);
  const none = { instrument: '', drift: 0 };
  const { instrument, drift } = worst ?? none;
  return {
    instances: sample.instances.map((each) => instanceReading(each, sample.now, settings)),
    drift: 'missing' in targets ? undefined : { instrument, share: drift },
    limitUse: exposureOf(sample).use?.worst,
  };
}

const Count = z.number().min(0).optional().catch(undefined);

function instanceReading(
  { instanceId, lease }: InstanceSample,
  now: Date,
  { heartbeats, latency }: StrategyMonitors,
): InstanceReading {
  const holds = holdsLease(lease, now);
  const told = toldBy(lease, now);
  return {
    instanceId,
    holdsLease: holds,
    leaseAgeMs: lease && Math.max(0, now.getTime() - receivedMs(lease)),
    openOrders: holds ? Count.parse(lease.report['openOrders']) : undefined,
    queueBacklog: holds ? told.queueBacklog : undefined,
    latency: latencyOf(lease?.telemetry?.roundTrips, latency, now),
    beats: COMPONENTS.map((component) => ({
      component,
      ageMs: beatAgeMs(lease, component, now),
      slaMs: heartbeats[component].slaMs,
    })),
  };
}
