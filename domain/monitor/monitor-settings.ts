import * as z from 'zod';
import { Digest, StrategyId } from '../ids.ts';
import type { Registration } from '../registration.ts';

const ms = z.int().min(1).max(3_600_000);
const seconds = z.int().min(1).max(86_400);
const Sla = z.strictObject({ slaMs: ms });

/** The thresholds of monitoring for one strategy, every one of them. Times in the unit that their names say; shares of 1. */
export const StrategyMonitors = z.strictObject({
  /** Runbook 3.1 and 3.4, product decision 6: one missed cycle warns, two page, three act. */
  heartbeats: z.strictObject({
    marketData: Sla,
    featureStore: Sla,
    executionGateway: Sla,
    orderAcknowledgements: Sla,
    riskService: Sla,
  }),
  /** Runbook 3.2, product decision 5. `throttleTo` is a share of the approved rate. No wider than round trips are kept (latency-window.ts). */
  latency: z.strictObject({
    p95Ms: ms,
    pageP95Ms: ms,
    windowSeconds: z.int().min(1).max(60),
    minSamples: z.int().min(1).max(200),
    widestMinutes: z.int().min(1).max(15),
    throttleTo: z.number().min(0).lt(1),
    quietMinutes: z.number().min(0).max(1_440),
  }),
  /** Runbook 3.3, product decision 15. */
  drift: z.strictObject({
    limit: z.number().positive().max(1),
    floorNotional: z.number().positive(),
    escalateMinutes: z.int().min(1).max(1_440),
  }),
  /** How long approved and effective may differ before the throttle becomes a halt. */
  effective: z.strictObject({ haltAfterSeconds: seconds }),
  /** Product decision 7. */
  limitUse: z.strictObject({ warnAt: z.array(z.number().positive().max(1)).min(1).max(20) }),
  clock: z.strictObject({ warnMs: ms, pageMs: ms }),
  alerts: z.strictObject({ resolveAfterSeconds: seconds, recountSeconds: seconds }),
  /** Product decision 6, runbook 5.2. */
  safeMode: z.strictObject({ verifySeconds: seconds, stableSeconds: seconds }),
  /** Runbook 5.3. */
  venue: z.strictObject({
    mitigationOrdersPerSec: z.number().min(0),
    killAfterSeconds: seconds,
    stableSeconds: seconds,
    backlog: z.int().min(1),
    backlogSeconds: seconds,
  }),
});
export type StrategyMonitors = z.infer<typeof StrategyMonitors>;

/** Any part of them, for one venue or one strategy. */
const { heartbeats, latency, drift, effective, limitUse, clock, alerts, safeMode, venue } = StrategyMonitors.shape;
export const MonitorOverrides = z.strictObject({
  heartbeats: heartbeats.partial().optional(),
  latency: latency.partial().optional(),
  drift: drift.partial().optional(),
  effective: effective.partial().optional(),
  limitUse: limitUse.partial().optional(),
  clock: clock.partial().optional(),
  alerts: alerts.partial().optional(),
  safeMode: safeMode.partial().optional(),
  venue: venue.partial().optional(),
});
export type MonitorOverrides = z.infer<typeof MonitorOverrides>;

/** `config/monitors.yaml`, and as it is stored: who changed it last and why, and thresholds. */
export const Monitors = z.object({
  id: z.literal('monitors'),
  digest: Digest,
  changed: z.strictObject({ by: z.string().min(1), why: z.string().min(1).max(500), ticket: z.string().optional() }),
  defaults: StrategyMonitors,
  venues: z.record(z.string(), MonitorOverrides),
  strategies: z.record(StrategyId, MonitorOverrides),
});
export type Monitors = z.infer<typeof Monitors>;

/** The thresholds of one strategy: those of its primary venue go over the defaults, its own over both. */
export function settingsFor(
  { defaults, venues, strategies }: Pick<Monitors, 'defaults' | 'venues' | 'strategies'>,
  { id, primaryVenue }: Pick<Registration, 'id' | 'primaryVenue'>,
): StrategyMonitors {
  return [venues[primaryVenue], strategies[id]].reduce<StrategyMonitors>(over, defaults);
}

/** Part by part: what is not said stays as it is. */
const over = (base: StrategyMonitors, own: MonitorOverrides | undefined): StrategyMonitors =>
  StrategyMonitors.parse(
    Object.fromEntries(Object.entries(base).map(([name, part]) => [name, { ...part, ...partOf(own, name) }])),
  );

const partOf = (own: MonitorOverrides = {}, name: string): object =>
  Object.entries(own).find(([part]) => part === name)?.[1] ?? {};
