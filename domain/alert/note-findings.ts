import type { MonitorFinding } from '../monitor/finding.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { Strategy } from '../strategy.ts';
import { type AlertBook, trackedIn } from './alert-book.ts';
import { updateAlerts } from './update-alerts.ts';

/** What one look has found of one strategy, and how its alerts are kept. */
export type Judged = {
  readonly state: Pick<Strategy, 'id'>;
  readonly findings: readonly MonitorFinding[];
  readonly settings: StrategyMonitors['alerts'];
};

/** Takes what one look has found into the book, without waiting for anything. Strategies that were not looked at keep what is known of them. */
export function noteFindings(judged: readonly Judged[], book: AlertBook, now: Date): void {
  for (const { state, findings, settings } of judged) {
    const tracked = updateAlerts(trackedIn(book, state.id), findings, settings, now);
    if (tracked.length === 0) book.pages.delete(state.id);
    else book.pages.set(state.id, { tracked, settings });
  }
}
