import type { Alert } from '../alert/alert.ts';
import { restrictionOf } from '../ladder/restriction-of.ts';
import type { VenueCalendar } from '../market/calendar.ts';
import { localTime } from '../market/local-time.ts';
import type { Mode } from '../mode.ts';
import type { WatchRecord } from '../watchdog/watch-record.ts';
import type { MonitorLevel } from './finding.ts';
import { judgeStrategy } from './judge-strategy.ts';
import type { StrategyMonitors } from './monitor-settings.ts';
import { type BeatReading, type InstanceReading, readingsOf } from './readings-of.ts';
import { isTrading } from './rules/told.ts';
import type { Sample } from './sample.ts';

/** How many cycles of a component are missed, by what the rules say of it. */
const MISSED: Readonly<Record<MonitorLevel, number>> = { warn: 1, page: 2, act: 3 };

/** What stands beside a sample in the view. */
export type ViewedWith = {
  readonly settings: StrategyMonitors;
  /** Open ones, of this strategy. */
  readonly alerts: readonly Alert[];
  readonly calendar: Pick<VenueCalendar, 'timeZone'> | undefined;
  /** Whether the watchdog looks: else nobody knows what it would find. */
  readonly isWatched: boolean;
};

type Levels = ReadonlyMap<string, MonitorLevel>;

/**
 * Runbook 3: one strategy as its monitors see it now, for people. Judged by the very rules of the watchdog, and by what it has open: how long something
 * is missing, and how much of its limits is in use, only the watchdog knows.
 */
export function monitorView(sample: Sample, { settings, alerts, calendar, isWatched }: ViewedWith) {
  const { state, registration, now } = sample;
  const { instances, drift } = readingsOf(sample, settings);
  const levels = levelsOf(sample, settings, alerts);
  return {
    strategyId: state.id,
    venue: registration.primaryVenue,
    at: { utc: now.toISOString(), ...(calendar && { local: localTime(calendar, now) }) },
    mode: state.mode,
    maxOrdersPerSec: state.maxOrdersPerSec,
    restriction: restrictionOf(state) ?? null,
    safeMode: (state.mode === 'SAFE' && state.safeMode) || null,
    instances: instances.map((each) => instanceView(each, levels, settings)),
    drift: drift ? { ...drift, limit: settings.drift.limit } : null,
    limitUse: isWatched ? limitUseOf(state.mode, alerts, settings) : null,
    alerts: alerts.map(({ id, rule, subject, level, action, detail, since, count }) => ({
      ...{ id, rule, subject, level, action: action ?? null, detail, since, count },
    })),
  };
}

export type MonitorView = ReturnType<typeof monitorView>;

const instanceView = (
  { instanceId, holdsLease, leaseAgeMs, openOrders, queueBacklog, latency, beats }: InstanceReading,
  levels: Levels,
  { latency: { p95Ms: limitMs } }: StrategyMonitors,
) => ({
  ...{ instanceId, holdsLease, leaseAgeMs: leaseAgeMs ?? null },
  ...{ openOrders: openOrders ?? null, queueBacklog: queueBacklog ?? null },
  latency: latency ? { ...latency, limitMs } : null,
  beats: beats.map((beat) => ({
    ...{ component: beat.component, ageMs: beat.ageMs ?? null, slaMs: beat.slaMs },
    missed: missed(beat, instanceId, levels),
  })),
});

function missed({ component }: BeatReading, instanceId: string, levels: Levels): number {
  const level = levels.get(`${component}@${instanceId}`);
  return level ? MISSED[level] : 0;
}

/** The worst of each subject of heartbeats, by the rules now and by what is open. */
function levelsOf(sample: Sample, settings: StrategyMonitors, alerts: readonly Alert[]): Levels {
  const beating = [...judgeStrategy(sample, settings), ...alerts].filter(
    ({ rule }) => rule === 'heartbeat' || rule === 'risk-telemetry',
  );
  const levels = new Map<string, MonitorLevel>();
  for (const { subject, level } of beating) {
    const before = levels.get(subject);
    if (!before || MISSED[level] > MISSED[before]) levels.set(subject, level);
  }
  return levels;
}

/** The largest use of a limit that the watchdog tells, as a share of 1; below its first step it tells none. Null where it does not know. */
function limitUseOf(mode: Mode, alerts: readonly Alert[], { limitUse: { warnAt } }: StrategyMonitors) {
  const told = alerts.filter(({ rule }) => rule === 'limit-use' || rule === 'kill-threshold');
  if (told.some(({ unit }) => unit !== '%')) return null;
  const share = Math.max(0, ...told.map(({ measured = 100 }) => measured / 100));
  if (told.length > 0) return { share };
  return isTrading(mode) ? { below: Math.min(...warnAt) } : null;
}

/** How long ago the watchdog looked, in milliseconds; null where it never did. `isLate`: it looks each second, and has not for three. */
export function watchView(watch: WatchRecord | undefined, now: Date) {
  if (!watch) return { ageMs: null, isLate: true };
  const ageMs = Math.max(0, now.getTime() - Date.parse(watch.at));
  return { ageMs, isLate: ageMs > LATE_MS };
}

const LATE_MS = 3_000;
