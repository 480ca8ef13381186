import { alertId, type MonitorFinding } from '../monitor/finding.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { Alert, Tracked } from './alert.ts';
import { compareFindings } from './compare-findings.ts';
import { isUnjudged } from './is-unjudged.ts';
import { notSeen } from './not-seen.ts';
import { openedBy, type Seen, seenAgain } from './seen-again.ts';

/**
 * The alerts of one strategy after one more look, pure. What is found opens an alert, or is counted in the one that stands, which climbs at once
 * with what is worse and comes down slowly: when it was milder, or away, for `resolveAfterSeconds` (longer after each relapse). So an alert is
 * never milder than the worst finding of this look, nor of any within that time. What could not be judged is not away.
 * A warning of a single look is forgotten, as it asks for nothing; what pages or acts opens with its first look.
 */
export function updateAlerts(
  tracked: readonly Tracked[],
  findings: readonly MonitorFinding[],
  settings: StrategyMonitors['alerts'],
  now: Date,
): Tracked[] {
  const worst = worstOfEach(findings);
  const next = (alert: Alert): Alert => {
    const seen = worst.get(alert.id);
    if (seen) return seenAgain(alert, seen, settings, now);
    return isUnjudged(alert, findings) ? alert : notSeen(alert, settings, now);
  };
  const open = tracked.filter((each) => !isWrittenOff(each));
  const known = new Set(open.map(({ alert }) => alert.id));
  const opened = [...worst].filter(([id]) => !known.has(id)).map(([id, seen]) => ({ alert: openedBy(id, seen, now) }));
  return [...open.map((each) => ({ ...each, alert: next(each.alert) })), ...opened].filter(isFirm);
}

function worstOfEach(findings: readonly MonitorFinding[]): Map<string, Seen> {
  const worst = new Map<string, Seen>();
  for (const finding of findings) {
    const id = alertId(finding);
    const before = worst.get(id);
    const isWorse = !before || compareFindings(finding, before.finding) > 0;
    worst.set(id, { finding: isWorse ? finding : before.finding, times: (before?.times ?? 0) + 1 });
  }
  return worst;
}

/** Over, and the store says so. */
const isWrittenOff = ({ alert, stored }: Tracked): boolean =>
  stored?.resolvedAt !== undefined && alert.resolvedAt !== undefined;

/** Not a warning that one look alone has found. */
const isFirm = ({ alert, stored }: Tracked): boolean =>
  stored !== undefined || alert.level !== 'warn' || alert.lastAt !== alert.openedAt || alert.goodSince === undefined;
