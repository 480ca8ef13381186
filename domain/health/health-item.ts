/** Every check of the control plane's own health, by its name. Each is a metric and an alarm of its own (lib/health-alarms.ts; a test holds both lists together). */
export const HEALTH_CHECKS = [
  'store',
  'watchdog',
  'health tick',
  'kill spool',
  'pending entries',
  'ledger lag',
  'checkpoints',
  'messages',
  'clock',
  'engine clocks',
  'flags',
  'executions',
  'thresholds',
  'risk limits',
] as const;
export type HealthCheck = (typeof HEALTH_CHECKS)[number];

/** `unknown`: it could not be read, which counts as bad. */
export type HealthStatus = 'ok' | 'warn' | 'bad' | 'unknown';

/** What was measured. `status` where numbers alone do not decide. */
export type Reading = { readonly value: number; readonly detail: string; readonly status?: HealthStatus };

/** A value above `warnAbove` warns, one above `limit` is bad. */
export type HealthLimit = { readonly unit: 'ms' | 'count'; readonly warnAbove: number; readonly limit: number };

export type HealthItem = HealthLimit & {
  readonly check: HealthCheck;
  readonly status: HealthStatus;
  /** In `unit`; null where it could not be read. */
  readonly value: number | null;
  /** One sentence: what is. */
  readonly detail: string;
  /** One sentence: what to do about it. */
  readonly next: string;
};

/** 0 is ok, 1 warns, 2 is bad; what could not be read counts as bad. */
export const LEVELS = { ok: 0, warn: 1, bad: 2, unknown: 2 } as const satisfies Record<HealthStatus, number>;

/** What a reading means. */
export function statusOf({ value, status }: Reading, { warnAbove, limit }: HealthLimit): HealthStatus {
  if (status) return status;
  if (!Number.isFinite(value)) return 'unknown';
  if (value > limit) return 'bad';
  return value > warnAbove ? 'warn' : 'ok';
}

/** All together are as well as the worst of them. */
export function overall(items: readonly Pick<HealthItem, 'status'>[]): 'ok' | 'warn' | 'bad' {
  const worst = Math.max(...items.map(({ status }) => LEVELS[status]));
  if (worst === LEVELS.ok) return 'ok';
  return worst === LEVELS.warn ? 'warn' : 'bad';
}
