import * as z from 'zod';

const Percentiles = z.looseObject({ p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() });

export const HealthCheck = z.looseObject({
  check: z.string(),
  /** `unknown`: it could not be read, which counts as bad. */
  status: z.enum(['ok', 'warn', 'bad', 'unknown']).catch('unknown'),
  value: z.number().nullish(),
  limit: z.number().nullish(),
  unit: z.string().nullish(),
  detail: z.string().nullish(),
  next: z.string().nullish(),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

export const Health = z.looseObject({
  status: z.enum(['ok', 'warn', 'bad']),
  checks: z.array(HealthCheck),
  alertBudget: z
    .looseObject({
      ...{ deliveries: z.int(), acknowledged: z.int(), shareInTime: z.number().nullable() },
      ...{ fromEvent: Percentiles.nullable(), fromDetection: Percentiles.nullable() },
    })
    .nullish(),
});
export type Health = z.infer<typeof Health>;

const Beat = z.looseObject({
  component: z.string(),
  ageMs: z.number().nullable(),
  slaMs: z.number(),
  missed: z.int(),
});
export type Beat = z.infer<typeof Beat>;

const MonitoredInstance = z.looseObject({
  instanceId: z.string(),
  holdsLease: z.boolean(),
  leaseAgeMs: z.number().nullable(),
  openOrders: z.number().nullable(),
  queueBacklog: z.number().nullable(),
  latency: Percentiles.extend({ samples: z.int(), spanMs: z.number(), limitMs: z.number() }).nullable(),
  beats: z.array(Beat),
});
export type MonitoredInstance = z.infer<typeof MonitoredInstance>;

export const Monitored = z.looseObject({
  strategyId: z.string(),
  venue: z.string(),
  at: z.looseObject({ utc: z.string(), local: z.string().nullish() }),
  mode: z.string(),
  maxOrdersPerSec: z.number(),
  restriction: z.looseObject({ mode: z.string(), causes: z.array(z.looseObject({ reason: z.string() })) }).nullish(),
  safeMode: z.looseObject({ cause: z.string(), reason: z.string() }).nullish(),
  instances: z.array(MonitoredInstance),
  /** Shares of 1. */
  drift: z.looseObject({ instrument: z.string(), share: z.number(), limit: z.number() }).nullable(),
  limitUse: z.looseObject({ share: z.number().optional(), below: z.number().optional() }).nullable(),
  alerts: z.array(z.looseObject({ id: z.string(), level: z.string(), detail: z.string(), since: z.string() })),
});
export type Monitored = z.infer<typeof Monitored>;

export const MonitorsList = z.looseObject({
  at: z.string(),
  watchdog: z.looseObject({ ageMs: z.number().nullable(), isLate: z.boolean() }),
  hasThresholds: z.boolean(),
  strategies: z.array(Monitored),
});
export type MonitorsList = z.infer<typeof MonitorsList>;
