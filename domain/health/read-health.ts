import type { AlertBudget } from '../communications/alert-budget.ts';
import { withDeadline } from '../kill/with-deadline.ts';
import {
  HEALTH_CHECKS,
  type HealthCheck,
  type HealthItem,
  type HealthLimit,
  overall,
  type Reading,
  statusOf,
} from './health-item.ts';
import type { HealthPorts, HealthReads } from './health-ports.ts';
import { healthReads } from './health-reads.ts';
import { measureClock, measureEngineClocks, measureFlags } from './measure-clocks.ts';
import { measureRiskLimits, measureThresholds } from './measure-configuration.ts';
import { measureExecutions } from './measure-executions.ts';
import { measureCheckpoints, measureLag, measurePending, measureSpool } from './measure-ledger.ts';
import { measureHealthTick, measureStore, measureWatchdog, WATCHDOG_LIMIT_MS } from './measure-watch.ts';
import { messagesHealth } from './messages-health.ts';

type Measure = (ports: HealthPorts, reads: HealthReads) => Promise<Reading & { readonly alertBudget?: AlertBudget }>;
type Checked = HealthLimit & { readonly next: string; readonly measure: Measure };

const inMs = (warnAbove: number, limit: number) => ({ unit: 'ms', warnAbove, limit }) as const;
/** None at all is fine, one is bad. */
const NONE = { unit: 'count', warnAbove: 0, limit: 0 } as const;

const CHECKS: Readonly<Record<HealthCheck, Checked>> = {
  store: {
    ...inMs(1_000, 2_000),
    next: 'look at DynamoDB; kills go to the spool meanwhile, and leases end by themselves',
    measure: measureStore,
  },
  watchdog: {
    ...inMs(3_000, WATCHDOG_LIMIT_MS),
    next: 'look at the log of operations/watchdog; until it runs, watch what trades by hand, and stop what you cannot watch',
    measure: measureWatchdog,
  },
  'health tick': {
    ...inMs(90_000, 150_000), // the schedule is one minute, at one minute's precision
    next: 'look at the schedule and the log of operations/health-tick',
    measure: measureHealthTick,
  },
  'kill spool': {
    ...NONE,
    next: 'bring the store back: the next health tick takes them in; no lease is granted until then',
    measure: measureSpool,
  },
  'pending entries': {
    ...NONE,
    next: 'the next write of the strategy takes them in; if it does not, look at the log of operations/health-tick',
    measure: measurePending,
  },
  'ledger lag': {
    ...inMs(120_000, 300_000), // each minute signs what has grown
    next: 'look at the log of operations/checkpoint, and at its key',
    measure: measureLag,
  },
  checkpoints: {
    ...NONE,
    next: 'keep everything as it is, call Compliance, and read docs/audit.md, "When the alarm rings"',
    measure: measureCheckpoints,
  },
  messages: {
    ...inMs(120_000, 120_000), // two sweeps of the courier
    next: 'look at them: tradepulse-cli comms ls; tell people by hand meanwhile',
    measure: messagesHealth,
  },
  clock: {
    ...inMs(1_000, 3_000),
    next: 'set the clock by NTP; signatures and leases count on it',
    measure: measureClock,
  },
  'engine clocks': {
    ...inMs(1_000, 3_000),
    next: "set the engine's clock by NTP; ages that it tells are judged by it",
    measure: measureEngineClocks,
  },
  flags: {
    ...NONE,
    next: 'look at the deployments of the flag in AppConfig; until it can be read these engines may not open orders',
    measure: measureFlags,
  },
  executions: {
    ...{ unit: 'count', warnAbove: 0, limit: Number.MAX_SAFE_INTEGER }, // which machine it was decides what is bad
    next: 'look at each: tradepulse-cli runs RUN; a stop or a kill is repeated by asking for it again',
    measure: measureExecutions,
  },
  thresholds: {
    ...NONE,
    next: 'deploy config/monitors.yaml again; until then nothing is judged',
    measure: measureThresholds,
  },
  'risk limits': {
    ...NONE,
    next: 'compare and apply them: tradepulse-cli limits diff; what trades without them cannot be judged',
    measure: measureRiskLimits,
  },
};

/** How long one check may take. What did not answer by then is unknown. */
const PATIENCE_MS = 3_500;

export type Health = {
  readonly status: 'ok' | 'warn' | 'bad';
  readonly checks: readonly HealthItem[];
  /** How fast people were told; null where that cannot be read. */
  readonly alertBudget: AlertBudget | null;
};

/** The control plane's own health: every check by itself, so that what cannot be read keeps none of the others from being told. Never throws. */
export async function readHealth(ports: HealthPorts, patienceMs = PATIENCE_MS): Promise<Health> {
  const reads = healthReads(ports);
  const performed = await Promise.all(HEALTH_CHECKS.map((check) => perform(check, ports, reads, patienceMs)));
  const checks = performed.map(({ item }) => item);
  const alertBudget = performed.flatMap((each) => each.alertBudget ?? [])[0] ?? null;
  return { status: overall(checks), checks, alertBudget };
}

async function perform(
  check: HealthCheck,
  ports: HealthPorts,
  reads: HealthReads,
  patienceMs: number,
): Promise<{ item: HealthItem; alertBudget?: AlertBudget | undefined }> {
  const { measure, next, ...limits } = CHECKS[check];
  try {
    const reading = await withDeadline(measure(ports, reads), patienceMs);
    const { value, detail, alertBudget } = reading;
    const known = Number.isFinite(value) ? value : null;
    return { item: { check, ...limits, value: known, status: statusOf(reading, limits), detail, next }, alertBudget };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { item: { check, ...limits, value: null, status: 'unknown', detail: `cannot be read: ${why}`, next } };
  }
}
