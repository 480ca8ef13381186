import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { Alert } from './alert.ts';
import { holdMs } from './hold-ms.ts';
import { milderOf } from './milder-of.ts';

/** An alert of which a look has found nothing: over once that has lasted long enough. */
export function notSeen(alert: Alert, settings: StrategyMonitors['alerts'], now: Date): Alert {
  const goodSince = alert.goodSince ?? now.toISOString();
  const isOver = now.getTime() - Date.parse(goodSince) >= holdMs(alert, settings);
  return {
    ...{ ...alert, goodSince },
    ...(alert.level !== 'warn' && { milder: milderOf(alert, 'warn', now) }),
    ...(isOver && { resolvedAt: alert.resolvedAt ?? now.toISOString() }),
  };
}
