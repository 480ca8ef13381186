import type { MonitorFinding } from '../monitor/finding.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { FORGET_MS } from '../monitor/standing.ts';
import type { Alert } from './alert.ts';
import { compareFindings } from './compare-findings.ts';
import { holdMs } from './hold-ms.ts';
import { milderOf } from './milder-of.ts';

/** The worst of the findings of one alert at one look, and how many there were. */
export type Seen = { readonly finding: MonitorFinding; readonly times: number };

/** The alert that a finding opens. */
export function openedBy(id: string, { finding, times }: Seen, now: Date): Alert {
  const at = now.toISOString();
  const since = startOf(finding, now);
  return {
    ...{ ...finding, id, since, detectedAt: at, openedAt: at, lastAt: at, reached: { since, at } },
    ...{ count: times, relapses: 0, version: 1 },
  };
}

/** The alert once it is found again: what is measured is the newest, its level and action the worst of late. It is away no more. */
export function seenAgain(
  alert: Alert,
  { finding, times }: Seen,
  settings: StrategyMonitors['alerts'],
  now: Date,
): Alert {
  const { level: _level, action: _action, ...said } = finding;
  const { id, since, detectedAt, openedAt, relapses, version } = alert;
  const at = now.toISOString();
  return {
    ...{ ...said, id, since, detectedAt, openedAt, lastAt: at, count: alert.count + times, relapses, version },
    ...foundSince(alert, now),
    ...weighed(alert, finding, settings, now),
  };
}

/** What a look or two have missed was not away. */
function foundSince({ goodSince, foundSince: earlier }: Alert, now: Date): Pick<Alert, 'foundSince'> {
  const wasAway = goodSince !== undefined && now.getTime() - Date.parse(goodSince) >= FORGET_MS;
  const since = wasAway ? now.toISOString() : earlier;
  return since === undefined ? {} : { foundSince: since };
}

type Weight = Pick<Alert, 'level' | 'action' | 'reached'> & Partial<Pick<Alert, 'milder' | 'relapses'>>;

/** Worse at once, milder after a while. */
function weighed(alert: Alert, finding: MonitorFinding, settings: StrategyMonitors['alerts'], now: Date): Weight {
  if (compareFindings(finding, alert) > 0) return { ...weightOf(finding), reached: climbed(alert, finding, now) };
  const stays = { ...weightOf(alert), reached: alert.reached };
  if (finding.level === alert.level) return stays;
  const milder = milderOf(alert, finding.level, now);
  const isOver = now.getTime() - Date.parse(milder.since) >= holdMs(alert, settings);
  if (!isOver) return { ...stays, milder };
  const at = now.toISOString();
  return { level: milder.level, reached: { since: at, at }, relapses: alert.relapses + 1 };
}

const weightOf = ({ level, action }: Pick<Alert, 'level' | 'action'>) => ({ level, ...(action && { action }) });

/** At the look before it was not as bad yet. */
function climbed({ lastAt }: Alert, finding: MonitorFinding, now: Date): Alert['reached'] {
  const since = startOf(finding, now);
  return { since: since > lastAt ? since : lastAt, at: now.toISOString() };
}

/** Clocks differ, and rules may not know: nothing began after it was found. */
const startOf = ({ since }: MonitorFinding, now: Date): string =>
  since === undefined || Date.parse(since) > now.getTime() ? now.toISOString() : since;
