import { UNJUDGED, unjudged } from '../alert/is-unjudged.ts';
import type { StrategyId } from '../ids.ts';
import type { MonitorFinding } from '../monitor/finding.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Sample } from '../monitor/sample.ts';
import { type DeedBook, failedDeeds } from './act-on-findings.ts';
import type { Known } from './known.ts';
import { isAtRest } from './read-samples.ts';

/** The rules of monitoring over one strategy; pure. */
export type Judge = (sample: Sample, settings: StrategyMonitors) => readonly MonitorFinding[];

/** One strategy with what the rules say of it. */
export type JudgedSample = {
  readonly sample: Sample;
  readonly findings: readonly MonitorFinding[];
};

type Judging = { readonly known: Known; readonly deeds: DeedBook; readonly judge: Judge };

/** Every strategy by itself: one that cannot be judged is a finding of its own, and no reason not to judge the next. What is at rest has no findings. */
export const judgeSamples = (samples: readonly Sample[], { known, deeds, judge }: Judging): JudgedSample[] =>
  samples.map((sample) => {
    const { id, mode } = sample.state;
    if (isAtRest(mode)) return { sample, findings: [] };
    const own = [...judged(sample, known.settings?.get(id), judge), ...withoutReviews(sample, known)];
    return { sample, findings: [...own, ...failedDeeds(id, deeds)] };
  });

function judged(sample: Sample, settings: StrategyMonitors | undefined, judge: Judge): readonly MonitorFinding[] {
  const { id } = sample.state;
  if (!settings) return [notJudged(id, 'its thresholds are not known')];
  try {
    return judge(sample, settings);
  } catch (fault) {
    return [notJudged(id, String(fault))];
  }
}

/** Nobody knows what a quant has accepted or returned, so that no drift is brought before people. */
const withoutReviews = ({ state: { id, mode } }: Sample, { drifts }: Known): MonitorFinding[] =>
  drifts === undefined && isTrading(mode) ? [notJudged(id, 'drift reviews could not be read', unjudged('drift'))] : [];

/** Product decision 6: what cannot be read is never good. People have to look, since no rule can. */
export const notJudged = (strategyId: StrategyId, why: string, subject = UNJUDGED): MonitorFinding => ({
  ...{ strategyId, rule: 'telemetry', subject, level: 'page' },
  detail: `it could not be judged: ${why}`.slice(0, 500).toWellFormed(),
});
