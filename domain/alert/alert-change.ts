import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { type Alert, isPaging, type Tracked } from './alert.ts';
import { compareFindings } from './compare-findings.ts';

/** What is to be written of an alert. `recounted` is no news: the record keeps up with the count, and no log hears of it. */
export type AlertChange = 'opened' | 'climbed' | 'eased' | 'resolved' | 'recounted';

/** What of an alert does not stand in the store yet; nothing where all that matters does. A warning opens once two looks have found it. */
export function alertChange({ alert, stored }: Tracked, settings: StrategyMonitors['alerts']): AlertChange | undefined {
  if (stored && stored.resolvedAt === undefined) return changeOfOpen(alert, stored, settings);
  const isOver = stored !== undefined && alert.resolvedAt !== undefined;
  const isFirm = alert.level !== 'warn' || alert.lastAt > alert.detectedAt;
  return isFirm && !isOver ? 'opened' : undefined;
}

function changeOfOpen(
  alert: Alert,
  stored: Alert,
  { recountSeconds }: StrategyMonitors['alerts'],
): AlertChange | undefined {
  if (alert.resolvedAt !== undefined) return 'resolved';
  const worse = compareFindings(alert, stored);
  if (worse !== 0) return worse > 0 ? 'climbed' : 'eased';
  return Date.parse(alert.lastAt) - Date.parse(stored.lastAt) >= recountSeconds * 1_000 ? 'recounted' : undefined;
}

/** Whether a pager has an incident open for it by what is written: until the store says that it is over, it stands. */
export const pages = ({ alert, stored }: Tracked, isWritten: boolean): boolean =>
  isPaging(alert) || (!isWritten && stored !== undefined && isPaging(stored));
