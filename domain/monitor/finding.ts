import * as z from 'zod';
import { StrategyId } from '../ids.ts';

/** Which rule found it (runbook 3.1 to 3.4, 5.3): the first part of an alert's name below its strategy. */
export const MonitorRule = z.enum([
  'heartbeat',
  'latency',
  'drift',
  'risk-telemetry',
  'effective',
  'limit-use',
  'kill-threshold',
  'venue',
  'telemetry',
  'clock',
  'instance',
]);
export type MonitorRule = z.infer<typeof MonitorRule>;

/** Product decision 6: one missed cycle warns, two page, three act. */
export const MonitorLevel = z.enum(['warn', 'page', 'act']);
export type MonitorLevel = z.infer<typeof MonitorLevel>;

/** What the watchdog does about a finding by itself; each is safer than the one before it. */
export const MonitorAction = z.enum(['throttle', 'venue-instability', 'reduce-only', 'safe-mode', 'halt', 'kill']);
export type MonitorAction = z.infer<typeof MonitorAction>;

/** What a rule of monitoring says of one strategy at one moment. Units stand in `unit`; `measured` and `threshold` are in it. */
export const MonitorFinding = z.object({
  strategyId: StrategyId,
  rule: MonitorRule,
  /** What it is about, the same for as long as it is the same trouble: `executionGateway@btc-momentum-1`, `BTC-USD`, `loss`. */
  subject: z.string().min(1).max(200),
  level: MonitorLevel,
  action: MonitorAction.optional(),
  /** One sentence for people. */
  detail: z.string().min(1).max(500),
  measured: z.number().optional(),
  threshold: z.number().optional(),
  unit: z.string().optional(),
  instanceId: z.string().optional(),
  venue: z.string().optional(),
  /** When it began, where that can be told: the alert budget counts from there. */
  since: z.iso.datetime().optional(),
});
export type MonitorFinding = z.infer<typeof MonitorFinding>;

/** The dedup key of the alert that a finding belongs to. */
export const alertId = ({
  strategyId,
  rule,
  subject,
}: Pick<MonitorFinding, 'strategyId' | 'rule' | 'subject'>): string => `${strategyId}/${rule}/${subject}`;
