import type { MonitorLevel } from '../monitor/finding.ts';
import type { Alert } from './alert.ts';
import { compareLevels } from './compare-findings.ts';

/** Since when an alert is milder than its level says, and the worst it was since then, with one more look. */
export function milderOf({ milder }: Alert, level: MonitorLevel, now: Date): NonNullable<Alert['milder']> {
  if (!milder) return { since: now.toISOString(), level };
  return { since: milder.since, level: compareLevels(level, milder.level) > 0 ? level : milder.level };
}
