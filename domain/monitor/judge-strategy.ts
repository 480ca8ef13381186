import { compareFindings } from '../alert/compare-findings.ts';
import { unjudged } from '../alert/is-unjudged.ts';
import { alertId, type MonitorFinding, type MonitorRule } from './finding.ts';
import type { StrategyMonitors } from './monitor-settings.ts';
import { clock } from './rules/clock.ts';
import { drift } from './rules/drift.ts';
import { effective } from './rules/effective.ts';
import { heartbeat } from './rules/heartbeat.ts';
import { instance } from './rules/instance.ts';
import { killThreshold } from './rules/kill-threshold.ts';
import { latency } from './rules/latency.ts';
import { limitUse } from './rules/limit-use.ts';
import { riskTelemetry } from './rules/risk-telemetry.ts';
import { telemetry } from './rules/telemetry.ts';
import { isTrading } from './rules/told.ts';
import { venue } from './rules/venue.ts';
import type { Sample } from './sample.ts';

type Rule = (sample: Sample, settings: StrategyMonitors) => MonitorFinding[];
type Named = readonly [name: MonitorRule, rule: Rule];

/** What holds while nothing but closing orders leaves, too. */
const WHILE_STOPPING: readonly Named[] = [
  ['kill-threshold', killThreshold],
  ['heartbeat', heartbeat],
  ['risk-telemetry', riskTelemetry],
  ['instance', instance],
  ['telemetry', telemetry],
  ['clock', clock],
  ['latency', latency],
  ['venue', venue],
];
const WHILE_TRADING: readonly Named[] = [
  ...WHILE_STOPPING,
  ['effective', effective],
  ['limit-use', limitUse],
  ['drift', drift],
];

/**
 * All that is wrong with one strategy at one moment (runbook 3.1 to 3.4, 5.3), one finding for each alert. While it stops, people are told and nothing is
 * done; what is SAFE still holds positions, so a kill threshold counts there too; in every other mode nothing is judged. Total: it never throws, and a rule
 * that does is a finding of its own. Nothing depends on the order of instances.
 */
export function judgeStrategy(sample: Sample, settings: StrategyMonitors): MonitorFinding[] {
  const instances = sample.instances.toSorted((left, right) => (left.instanceId < right.instanceId ? -1 : 1));
  const ordered = { ...sample, instances };
  return worstOfEach(rulesIn(sample).flatMap((rule) => tried(rule, ordered, settings)));
}

function rulesIn({ state: { mode } }: Sample): readonly Named[] {
  if (isTrading(mode)) return WHILE_TRADING;
  if (mode === 'STOPPING')
    return WHILE_STOPPING.map(([name, rule]) => [name, name === 'kill-threshold' ? rule : toldOnly(rule)]);
  return mode === 'SAFE' ? [['kill-threshold', killThreshold]] : [];
}

const toldOnly =
  (rule: Rule): Rule =>
  (sample, settings) =>
    rule(sample, settings).map(({ action: _none, ...finding }) =>
      finding.level === 'act' ? { ...finding, level: 'page' } : finding,
    );

/** A rule that throws has judged nothing, which is never good. */
function tried([name, rule]: Named, sample: Sample, settings: StrategyMonitors): MonitorFinding[] {
  try {
    return rule(sample, settings);
  } catch (fault) {
    const detail = `${name} of ${sample.state.id} could not be judged: ${String(fault)}`.slice(0, 500);
    return [{ strategyId: sample.state.id, rule: 'telemetry', subject: unjudged(name), level: 'page', detail }];
  }
}

/** Subjects are short: what would not fit is cut, with what tells it from others at its beginning. */
function worstOfEach(findings: readonly MonitorFinding[]): MonitorFinding[] {
  const worst = new Map<string, MonitorFinding>();
  for (const finding of findings) {
    const fitting = { ...finding, subject: finding.subject.slice(0, 200), detail: finding.detail.slice(0, 500) };
    const before = worst.get(alertId(fitting));
    if (!before || compareFindings(fitting, before) > 0) worst.set(alertId(fitting), fitting);
  }
  return [...worst.values()];
}
