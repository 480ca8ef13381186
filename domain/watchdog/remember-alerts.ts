import { adoptAlerts } from '../alert/adopt-alerts.ts';
import type { Alert } from '../alert/alert.ts';
import type { StrategyId } from '../ids.ts';
import type { WatchMemory } from './watch-memory.ts';

/**
 * Open alerts of the watch before become those of this one, at its beginning: its looks go on with them, and what they tell of has lasted since they say so,
 * so that a handover puts off no halt.
 */
export function rememberAlerts(open: readonly Alert[], { alerts, standing }: WatchMemory, now: Date): void {
  adoptAlerts(open, alerts);
  const at = now.toISOString();
  for (const [id, own] of Map.groupBy(open, ({ strategyId }): StrategyId => strategyId))
    standing.set(id, new Map(own.map((alert) => [alert.id, { since: alert.since, at }])));
}
