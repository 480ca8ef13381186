import { adoptAlerts } from '../alert/adopt-alerts.ts';
import type { Alert } from '../alert/alert.ts';
import type { StrategyId } from '../ids.ts';
import type { WatchMemory } from './watch-memory.ts';

/**
 * Open alerts of the watch before become those of this one, at its beginning: its looks go on with them, and what they tell of has lasted since they say so,
 * so that a handover puts off no halt. What was away when it was written last is found anew: a trouble that is over halts nothing when it comes back.
 */
export function rememberAlerts(open: readonly Alert[], { alerts, standing }: WatchMemory, now: Date): void {
  adoptAlerts(open, alerts);
  const at = now.toISOString();
  const found = open.filter(({ goodSince }) => goodSince === undefined);
  for (const [id, own] of Map.groupBy(found, ({ strategyId }): StrategyId => strategyId))
    standing.set(id, new Map(own.map((alert) => [alert.id, { since: alert.foundSince ?? alert.since, at }])));
}
