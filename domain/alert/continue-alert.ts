import type { Alert, Tracked } from './alert.ts';
import { compareFindings } from './compare-findings.ts';
import { RELAPSE_MS } from './hold-ms.ts';

/**
 * An alert as the watch has it in mind, with what the store knows of it now. What the watch took for new is the same trouble where it is open
 * there (another watch opened it) or was over less than five minutes ago; else it follows on the old record. What somebody else has resolved,
 * and nobody finds, is over.
 */
export function continueAlert({ alert, stored: known }: Tracked, stored: Alert | undefined): Tracked {
  if (!stored || (!known && isLongOver(stored, alert))) return { alert, stored };
  if (!known) return { alert: continued(alert, stored), stored };
  const resolvedAt = alert.goodSince === undefined ? undefined : stored.resolvedAt;
  return { alert: { ...alert, ...(resolvedAt !== undefined && { resolvedAt }) }, stored };
}

function continued(alert: Alert, stored: Alert): Alert {
  const { openedAt, detectedAt, since, count, relapses, level, action, reached, resolvedAt } = stored;
  const same = { ...alert, openedAt, detectedAt, since, count: alert.count + count };
  if (resolvedAt !== undefined)
    return { ...same, relapses: relapses + 1, foundSince: alert.foundSince ?? alert.openedAt };
  if (compareFindings(stored, alert) <= 0) return { ...same, relapses };
  const milder = { since: alert.openedAt, level: alert.level };
  return { ...same, relapses, level, ...(action && { action }), reached, ...(level !== alert.level && { milder }) };
}

const isLongOver = ({ resolvedAt }: Alert, { openedAt }: Alert): boolean =>
  resolvedAt !== undefined && Date.parse(openedAt) - Date.parse(resolvedAt) > RELAPSE_MS;
