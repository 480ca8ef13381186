import { type Finding, finding, softFinding, warning } from '../launch/finding.ts';
import type { LiveDashboard, Threshold } from './live-dashboard.ts';
import type { LiveSignal } from './live-signal.ts';

/** What was measured of one instance, and when. */
export type Measured = {
  readonly instanceId: string;
  readonly signals: Readonly<Partial<Record<LiveSignal, number>>>;
  readonly observedAt: string;
};

/** Runbook 2, Go/No-Go: every threshold of the live dashboard, on every instance. A signal that nobody measured crosses it, unless the dashboard says that it only warns. */
export const checkThresholds = (dashboard: LiveDashboard, measured: readonly Measured[]): Finding[] =>
  measured.flatMap((each) => dashboard.thresholds.map((threshold) => judge(threshold, each, dashboard)));

function judge(
  threshold: Threshold,
  { instanceId, signals, observedAt }: Measured,
  { digest }: LiveDashboard,
): Finding {
  const { id, is, value, unit, signal, unmeasured, hard } = threshold;
  const actual = signals[signal];
  const seen = {
    check: `dashboard.${instanceId}.${id}`,
    expected: `${SIGNS[is]} ${value}${unit && ` ${unit}`}`,
    actual: actual === undefined ? 'not measured' : `${actual}${unit && ` ${unit}`}`,
    evidence: { source: 'observability/dashboards/live.yaml', hash: digest, observedAt },
  };
  if (actual === undefined && unmeasured === 'warn') return warning('NoGo', seen);
  return (hard ? finding : softFinding)(actual !== undefined && holds(actual, is, value), 'NoGo', seen);
}

const SIGNS = { below: '<', 'at most': '<=', 'at least': '>=' } as const;

function holds(actual: number, is: Threshold['is'], value: number): boolean {
  switch (is) {
    case 'below':
      return actual < value;
    case 'at most':
      return actual <= value;
    case 'at least':
      return actual >= value;
  }
}
