import type { Position, ProfitAndLoss } from '../../engine/position.ts';
import { type LimitsUse, limitsUse } from '../../snapshot/limits-use.ts';
import type { Sample } from '../sample.ts';
import { hasToldSinceLive, toldBy } from './told.ts';

/** What all instances hold together, and how much of the approved limits that is; nothing where nobody knows the limits. */
export type Exposure = {
  readonly use: LimitsUse | undefined;
  /** Instances of which this could not be read, by what it was. */
  readonly unread: readonly { readonly what: 'positions' | 'pnl'; readonly instanceId: string }[];
};

/**
 * Of the newest reports, however old: what an instance held when it fell silent it may hold still. Profit and loss count from when it was armed,
 * so a report from before the strategy went live tells nothing of them.
 */
export function exposureOf({ state, instances, limits, now }: Sample): Exposure {
  const told = instances.map(({ instanceId, lease }) => ({ instanceId, lease, report: toldBy(lease, now) }));
  const live = told.filter(({ lease }) => state.mode === 'SAFE' || hasToldSinceLive(lease, state));
  const missing = (what: 'positions' | 'pnl') =>
    live.filter(({ report }) => report[what] === undefined).map(({ instanceId }) => ({ what, instanceId }));
  const positions = told.flatMap(({ report }) => report.positions ?? []).map(priced);
  const pnl = live.flatMap(({ report }): ProfitAndLoss[] => (report.pnl ? [report.pnl] : []));
  const known = typeof limits === 'object' ? limits : undefined;
  return { use: known && limitsUse(positions, pnl, known), unread: [...missing('positions'), ...missing('pnl')] };
}

/** What has no price now is worth what was paid for it. */
const priced = (position: Position): Position =>
  position.markPrice > 0 ? position : { ...position, markPrice: position.averagePrice };
