import type { MonitorFinding } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { Sample } from '../sample.ts';
import { exposureOf } from './exposure.ts';
import { type LimitInUse, stepOfUse } from './step-of-use.ts';

/**
 * Product decision 7: a breached kill threshold kills, whatever else is going on; warnings on the way there as for every limit. Judged are the loss since the
 * instances were armed and the gross notional. Leverage and drawdown take the equity, which engines do not tell: those two are the engine's to keep.
 */
export function killThreshold(sample: Sample, { limitUse: { warnAt } }: StrategyMonitors): MonitorFinding[] {
  const { use } = exposureOf(sample);
  if (!use) return []; // that the limits are not known is told by their use
  const thresholds: LimitInUse[] = [
    { subject: 'loss', share: use.ofKillLoss, says: `the loss is ${use.loss}` },
    { subject: 'notional', share: use.ofKillNotional, says: `all positions are worth ${use.grossNotional}` },
  ];
  return thresholds.flatMap((each): MonitorFinding[] => {
    const step = stepOfUse(each, warnAt, 'kill');
    return step ? [{ strategyId: sample.state.id, rule: 'kill-threshold', subject: each.subject, ...step }] : [];
  });
}
