import type { Alert } from '../alert/alert.ts';
import type { DriftReview } from '../drift/drift-review.ts';
import { targetsOf } from '../drift/targets-of.ts';
import { inTurns } from '../kill/turns.ts';
import { leaseId } from '../lease/lease.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import { readTargets } from '../watchdog/read-targets.ts';
import { type Monitors, settingsFor } from './monitor-settings.ts';
import type { MonitorsQuery } from './monitors-query.ts';
import { type MonitorView, monitorView, watchView } from './monitors-view.ts';
import type { Sample } from './sample.ts';

export type MonitorsPorts = Pick<Ports, 'now'> & {
  readonly strategies: Pick<Ports['strategies'], 'list'>;
  readonly records: Pick<Ports['records'], 'get' | 'list' | 'all'>;
  /** Portfolio targets. */
  readonly portfolio: Pick<Ports['evidence'], 'read'>;
};

export type MonitorsList = {
  readonly at: string;
  readonly watchdog: ReturnType<typeof watchView>;
  /** Whether thresholds are registered: without them nothing is judged, and no strategy is shown. */
  readonly hasThresholds: boolean;
  readonly strategies: readonly MonitorView[];
};

const AT_A_TIME = 32;
const PATIENCE_MS = 2_000;
const ALL = { limit: 10_000 };

/** What is read once for all strategies. */
type Common = {
  readonly monitors: Monitors;
  readonly alerts: readonly Alert[];
  readonly drifts: readonly DriftReview[];
  readonly isWatched: boolean;
};

/** Runbook 3: what every strategy's monitors see now, or those of one. Refuses one that is not registered. */
export async function listMonitors({ strategy }: MonitorsQuery, ports: MonitorsPorts): Promise<MonitorsList> {
  const { records, now } = ports;
  const [registered, states, watch, monitors, ...common] = await Promise.all([
    records.list('REGISTRATION', ALL),
    ports.strategies.list(),
    records.get('WATCH', 'watchdog'),
    records.get('MONITORS', 'monitors'),
    records.all('ALERT'),
    records.list('DRIFT', ALL),
  ]);
  const asked = registered.filter(({ id }) => strategy === undefined || id === strategy);
  if (strategy !== undefined && asked.length === 0)
    throw new Refusal('UnknownStrategy', `${strategy} is not registered`, 'look at: tradepulse-cli status');
  const about = { at: now().toISOString(), watchdog: watchView(watch, now()), hasThresholds: monitors !== undefined };
  if (!monitors) return { ...about, strategies: [] };
  const [alerts, drifts] = common;
  const isWatched = !about.watchdog.isLate;
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  const viewed = asked.toSorted(byId).flatMap((registration) => {
    const state = states.find(({ id }) => id === registration.id);
    return state ? [turn(() => viewOf(state, registration, { monitors, alerts, drifts, isWatched }, ports))] : [];
  });
  return { ...about, strategies: await Promise.all(viewed) };
}

const byId = ({ id: left }: Registration, { id: right }: Registration): number => left.localeCompare(right);

async function viewOf(
  state: Strategy,
  registration: Registration,
  { monitors, alerts, drifts, isWatched }: Common,
  ports: MonitorsPorts,
): Promise<MonitorView> {
  const { records } = ports;
  const [leases, calendar] = await Promise.all([
    Promise.all(registration.engines.map(({ instanceId }) => records.get('LEASE', leaseId(state.id, instanceId)))),
    records.get('CALENDAR', registration.primaryVenue),
  ]);
  const sample: Sample = {
    ...{ state, registration, now: ports.now() },
    instances: registration.engines.map(({ instanceId }, index) => ({ instanceId, lease: leases[index] })),
    limits: 'unreadable', // how much of them is in use the watchdog knows
    drift: drifts.find(({ strategyId }) => strategyId === state.id), // lists begin with the newest
    targets: undefined,
  };
  return monitorView(await withTargets(sample, ports), {
    settings: settingsFor(monitors, registration),
    alerts: alerts.filter(({ strategyId }) => strategyId === state.id),
    calendar: calendar?.calendar,
    isWatched,
  });
}

/** Those of the evidence bucket where no engine tells any. A file that is not in order is none: its drift is not known, which is shown. */
async function withTargets(sample: Sample, ports: MonitorsPorts): Promise<Sample> {
  if (!('missing' in targetsOf(sample))) return sample;
  return { ...sample, targets: await readTargets(sample.state.id, ports).catch(() => undefined) };
}
