import type { StrategyId } from '../ids.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { exposureOf } from '../monitor/rules/exposure.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Sample } from '../monitor/sample.ts';
import { driftLines } from './drift-lines.ts';
import type { DriftPorts } from './drift-ports.ts';
import type { DriftReview } from './drift-review.ts';
import { escalateDriftReview } from './escalate-drift-review.ts';
import { judgeDrift } from './judge-drift.ts';
import { openDriftReview } from './open-drift-review.ts';
import { targetsOf } from './targets-of.ts';

/** The review of each strategy that has one now, and what went wrong for others: they are looked at again in a minute. */
export type DriftsKept = {
  readonly standing: ReadonlyMap<StrategyId, DriftReview>;
  readonly faults: readonly unknown[];
};

/**
 * Runbook 3.3: compares live positions with portfolio targets, once a minute for every strategy that trades; a difference above the limit opens a manual review, which
 * is announced, and told again once nobody has decided it in time. `sample.drift` is the review that stands. Nothing that fails for one strategy
 * holds up another. Never throws.
 */
export async function keepDriftReviews(
  samples: readonly Sample[],
  settingsOf: (sample: Sample) => StrategyMonitors,
  ports: DriftPorts,
): Promise<DriftsKept> {
  const kept = await Promise.allSettled(samples.map(async (sample) => keep(sample, settingsOf(sample).drift, ports)));
  const standing = new Map<StrategyId, DriftReview>();
  const faults: unknown[] = [];
  for (const [index, outcome] of kept.entries()) {
    if (outcome.status === 'rejected') faults.push(outcome.reason);
    const review = outcome.status === 'fulfilled' ? outcome.value : samples[index]?.drift;
    if (review && review.status !== 'over') standing.set(review.strategyId, review);
  }
  return { standing, faults };
}

async function keep(
  sample: Sample,
  settings: StrategyMonitors['drift'],
  ports: DriftPorts,
): Promise<DriftReview | undefined> {
  const { state, drift, now } = sample;
  const targets = targetsOf(sample);
  if (!isTrading(state.mode) || 'missing' in targets) return drift;
  const lines = driftLines(sample, targets.quantities, settings);
  const step = judgeDrift(drift, lines, settings, now);
  const at = now.toISOString();
  switch (step.what) {
    case 'nothing':
      return drift;
    case 'open':
      return openDriftReview({ state, lines, instead: step.instead, now }, ports);
    case 'update':
      return replaced({ ...step.review, lines, at }, ports);
    case 'end':
      return isAllRead(sample) ? replaced({ ...step.review, status: 'over', at }, ports) : drift;
    case 'escalate':
      return escalateDriftReview({ ...step.review, lines, at }, now, ports);
  }
}

/** Positions that nobody can read are not gone. */
const isAllRead = (sample: Sample): boolean => exposureOf(sample).unread.every(({ what }) => what !== 'positions');

/** Somebody may have decided it meanwhile: then their word stands. */
async function replaced(review: DriftReview, { records }: DriftPorts): Promise<DriftReview | undefined> {
  const next = { ...review, version: review.version + 1 };
  return (await records.replace({ kind: 'DRIFT', record: next })) ? next : records.get('DRIFT', review.id);
}
