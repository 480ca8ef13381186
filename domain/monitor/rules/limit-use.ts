import { alertId, type MonitorFinding } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { type Exposure, exposureOf } from './exposure.ts';
import { type LimitInUse, stepOfUse } from './step-of-use.ts';

/**
 * Product decision 7: warnings at 50, 75, 85, 90 and 95 % of each instrument's notional and position (the last two page), and REDUCE_ONLY at 100 %, as for an
 * instrument that no limit names. Positions that cannot be read for three cycles of the risk service are taken for all of it. The leverage cap takes
 * the equity, which engines do not tell: it is the engine's to keep.
 */
export function limitUse(sample: Sample, { limitUse: { warnAt }, heartbeats }: StrategyMonitors): MonitorFinding[] {
  const { id } = sample.state;
  const exposure = exposureOf(sample);
  const steps = inUse(exposure).flatMap((each): MonitorFinding[] => {
    const step = stepOfUse(each, warnAt, 'reduce-only');
    return step ? [{ strategyId: id, rule: 'limit-use', subject: each.subject, ...step }] : [];
  });
  return [...steps, ...unknownLimits(sample), ...unreadOf(sample, exposure, heartbeats.riskService.slaMs)];
}

const inUse = ({ use }: Exposure): LimitInUse[] =>
  (use?.instruments ?? []).flatMap(({ instrument, notional, ofMaxNotional, ofMaxPosition }) => {
    if (ofMaxNotional === null || ofMaxPosition === null)
      return [{ subject: `unlisted:${instrument}`, share: 1, says: `${instrument} is held and has no approved limit` }];
    return [
      { subject: `notional:${instrument}`, share: ofMaxNotional, says: `${instrument} is worth ${notional}` },
      { subject: `position:${instrument}`, share: ofMaxPosition, says: `the position in ${instrument}` },
    ];
  });

function unknownLimits({ state, limits }: Sample): MonitorFinding[] {
  if (typeof limits === 'object') return [];
  const why = limits === 'unreadable' ? 'the approved limits cannot be read' : `${state.id} has no approved limits`;
  const detail = `${why}: its use of them is not judged`;
  return [{ strategyId: state.id, rule: 'limit-use', subject: 'limits', level: 'page', detail }];
}

function unreadOf(sample: Sample, { unread }: Exposure, slaMs: number): MonitorFinding[] {
  return unread.map(({ what, instanceId }): MonitorFinding => {
    const about = { strategyId: sample.state.id, rule: 'limit-use' as const, subject: `${what}@${instanceId}` };
    const ms = stoodMs(sample.standing, alertId(about), sample.now);
    const level = ms >= 3 * slaMs ? 'act' : ms >= 2 * slaMs ? 'page' : 'warn';
    const action = level === 'act' && { action: 'reduce-only' as const };
    const detail = `${what} of ${instanceId} cannot be read: the use of its limits is not known`;
    return { ...about, level, ...action, ...{ measured: ms, threshold: 3 * slaMs, unit: 'ms' }, instanceId, detail };
  });
}
