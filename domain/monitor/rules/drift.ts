import { driftLines } from '../../drift/drift-lines.ts';
import type { DriftLine, DriftReview } from '../../drift/drift-review.ts';
import { targetsOf } from '../../drift/targets-of.ts';
import type { MonitorFinding } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { Sample } from '../sample.ts';

/**
 * Runbook 3.3, between the looks of each minute that open reviews and bring them up to date: what the review that stands says. One that waits for a quant is told, and
 * paged once it has waited too long; one that was returned is paged until the positions are right, and throttles when they still are not after the
 * same time. What was accepted is no news. Positions that are compared with nothing are told of, always.
 */
export function drift(sample: Sample, { drift: settings }: StrategyMonitors): MonitorFinding[] {
  const targets = targetsOf(sample);
  if (!('missing' in targets)) return ofReview(sample, settings, driftLines(sample, targets.quantities, settings));
  const uncompared: MonitorFinding = {
    ...{ strategyId: sample.state.id, rule: 'drift', subject: 'targets', level: 'warn' },
    detail: `${targets.missing}: positions are compared with nothing`,
  };
  return [uncompared, ...ofReview(sample, settings, sample.drift?.lines ?? [])];
}

/** `lines`: as they are now, or as they were last known. */
function ofReview(
  { state, drift: review, now }: Sample,
  settings: StrategyMonitors['drift'],
  lines: readonly DriftLine[],
): MonitorFinding[] {
  if (review?.status !== 'open' && review?.status !== 'returned') return [];
  const worst = Math.max(0, ...lines.map((line) => line.drift));
  const since = review.decidedAt ?? review.openedAt;
  const isLate = now.getTime() - Date.parse(since) >= settings.escalateMinutes * 60_000 && worst > settings.limit;
  return [
    {
      ...{ strategyId: state.id, rule: 'drift', subject: 'review', since, ...WEIGHTS[review.status](isLate) },
      ...{ measured: percent(worst), threshold: percent(settings.limit), unit: '%' },
      detail: `drift review ${review.id} ${SAYS[review.status](review)}`,
    },
  ];
}

type Weight = Pick<MonitorFinding, 'level' | 'action'>;

const WEIGHTS = {
  open: (isLate: boolean): Weight => ({ level: isLate ? 'page' : 'warn' }),
  returned: (isLate: boolean): Weight => (isLate ? { level: 'act', action: 'throttle' } : { level: 'page' }),
};

const SAYS = {
  open: ({ openedAt }: DriftReview) => `waits for the quant on call since ${openedAt}`,
  returned: ({ decidedBy, decidedAt }: DriftReview) =>
    `was returned by ${decidedBy} at ${decidedAt}: the positions have to be corrected`,
};

const percent = (share: number): number => Math.round(Math.min(share, 1e6) * 100_000) / 1_000;
