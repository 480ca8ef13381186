import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { FORGET_MS } from '../monitor/standing.ts';
import { type Alert, isPaging, type Tracked } from './alert.ts';
import { compareFindings } from './compare-findings.ts';

/** What is to be written of an alert. `recounted` is no news: the record keeps up with the count, and no log hears of it. */
export type AlertChange = 'opened' | 'climbed' | 'eased' | 'resolved' | 'recounted';

/** What of an alert does not stand in the store yet; nothing where all that matters does. A warning opens once two looks have found it. */
export function alertChange(
  { alert, stored }: Tracked,
  settings: StrategyMonitors['alerts'],
  now: Date,
): AlertChange | undefined {
  if (stored && stored.resolvedAt === undefined) return changeOfOpen(alert, stored, settings, now);
  const isOver = stored !== undefined && alert.resolvedAt !== undefined;
  const isFirm = alert.level !== 'warn' || alert.lastAt > alert.detectedAt;
  return isFirm && !isOver ? 'opened' : undefined;
}

function changeOfOpen(
  alert: Alert,
  stored: Alert,
  { recountSeconds }: StrategyMonitors['alerts'],
  now: Date,
): AlertChange | undefined {
  if (alert.resolvedAt !== undefined) return 'resolved';
  const worse = compareFindings(alert, stored);
  if (worse !== 0) return worse > 0 ? 'climbed' : 'eased';
  const isOld = Date.parse(alert.lastAt) - Date.parse(stored.lastAt) >= recountSeconds * 1_000;
  return isOld || isQuietNews(alert, stored, now) ? 'recounted' : undefined;
}

/**
 * A watch lasts a minute, and some alerts have to be quiet for longer: since when they are is written for the next one, as soon as it is more than a
 * look or two that missed them, and that they are so no more at once.
 */
function isQuietNews(alert: Alert, stored: Alert, now: Date): boolean {
  const spans = [
    [alert.goodSince, stored.goodSince],
    [alert.milder?.since, stored.milder?.since],
  ] as const;
  const isNews = spans.some(
    ([is, was]) => is !== was && (was !== undefined || now.getTime() - Date.parse(is ?? '') >= FORGET_MS),
  );
  return isNews || (stored.milder !== undefined && stored.milder.level !== alert.milder?.level);
}

/** Whether a pager has an incident open for it by what is written: until the store says that it is over, it stands. */
export const pages = ({ alert, stored }: Tracked, isWritten: boolean): boolean =>
  isPaging(alert) || (!isWritten && stored !== undefined && isPaging(stored));
