import * as z from 'zod';
import { digestOf } from '../ledger/digest.ts';
import type { LiveDashboard } from './live-dashboard.ts';
import { LiveSignal } from './live-signal.ts';

/** The metrics in CloudWatch's namespace `TradePulse` that a chart may show (`metricsOf` publishes each): by strategy and instance, `HeartbeatAgeMs` by component too, `DriftMax` and `LimitUseMax` by strategy alone. */
export const LiveMetric = z.enum([
  'AcknowledgementsHealthy',
  'AcknowledgementP95Ms',
  'QueueBacklog',
  'OpenOrders',
  'LeaseAgeMs',
  'HeartbeatAgeMs',
  'DriftMax',
  'LimitUseMax',
]);

const Id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, '1 to 40 of a-z, 0-9 and -, starting with a letter');
const Title = z.string().min(1).max(80);
const Unit = z.string().max(20).default('');

const ThresholdLine = z.strictObject({
  id: Id,
  title: Title,
  signal: LiveSignal,
  is: z.enum(['below', 'at most', 'at least']),
  value: z.number().min(0),
  unit: Unit,
  unmeasured: z.enum(['no-go', 'warn']).default('no-go'),
  hard: z.boolean().default(true),
});

const Chart = z.strictObject({
  title: Title,
  metric: LiveMetric,
  statistic: z.enum(['Average', 'Maximum', 'Minimum', 'Sum', 'p50', 'p95', 'p99']),
  unit: Unit,
  /** The threshold whose line it shows. */
  threshold: Id.optional(),
});
export type Chart = z.infer<typeof Chart>;

/** `observability/dashboards/live.yaml`. Every signal has exactly one line that it may not cross, so that none is forgotten by taking it out. */
export const DashboardFile = z
  .strictObject({
    title: Title,
    thresholds: z.array(ThresholdLine).min(1).max(50),
    charts: z.array(Chart).min(1).max(50),
  })
  .superRefine(({ thresholds, charts }, context) => {
    const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    thresholds.forEach(({ id, signal }, at) => {
      if (thresholds.findIndex((each) => each.id === id) < at)
        refuse(['thresholds', at, 'id'], `${id} stands there twice`);
      if (thresholds.findIndex((each) => each.signal === signal) < at)
        refuse(['thresholds', at, 'signal'], `${signal} has a threshold already`);
    });
    for (const signal of LiveSignal.options.filter((each) => !thresholds.some((line) => line.signal === each)))
      refuse(['thresholds'], `${signal} has no threshold`);
    charts.forEach(({ threshold }, at) => {
      if (threshold !== undefined && !thresholds.some(({ id }) => id === threshold))
        refuse(['charts', at, 'threshold'], `${threshold} is no threshold of this file`);
    });
  });
export type DashboardFile = z.infer<typeof DashboardFile>;

/** What go/no-go holds engines to, with the digest of everything that the file says. */
export const liveDashboardOf = (file: DashboardFile): LiveDashboard => ({
  id: 'live',
  digest: digestOf(file),
  thresholds: file.thresholds,
});
