import { now } from './clock.ts';
import { log } from './log.ts';

/** Counts one in the metric that an alarm watches, by a log line in CloudWatch's embedded metric format: no call that could fail. */
export const alarmMetric =
  (metric: 'LedgerTampered' | 'StrategyChangeForged' | 'MessageNotDelivered') =>
  (what: string, facts: Record<string, unknown>): void =>
    log({
      _aws: {
        Timestamp: now().getTime(),
        CloudWatchMetrics: [{ Namespace: 'TradePulse', Dimensions: [[]], Metrics: [{ Name: metric, Unit: 'Count' }] }],
      },
      [metric]: 1,
      outcome: 'alarm',
      message: what,
      ...facts,
    });
