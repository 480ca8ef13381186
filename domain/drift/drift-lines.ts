import type { Position } from '../engine/position.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { toldBy } from '../monitor/rules/told.ts';
import type { Sample } from '../monitor/sample.ts';
import type { DriftLine } from './drift-review.ts';

const MOST_LINES = 400;

/**
 * Product decision 15: |live - target| x mark / max(|target| x mark, floor) for each instrument that is held or meant to be held, worst first; what stands in one
 * of the two alone counts as 0 in the other. Live is what all instances reported last. Without a price there is no floor to measure by: then the
 * difference is a share of the target, and all of it where there is none.
 */
export function driftLines(
  { instances, now }: Pick<Sample, 'instances' | 'now'>,
  targets: ReadonlyMap<string, number>,
  { floorNotional }: Pick<StrategyMonitors['drift'], 'floorNotional'>,
): DriftLine[] {
  const positions = instances.flatMap(({ lease }) => toldBy(lease, now).positions ?? []);
  const live = Map.groupBy(positions, ({ instrument }) => instrument);
  const names = new Set([...live.keys(), ...targets.keys()]);
  return [...names]
    .map((instrument) => lineOf(instrument, live.get(instrument) ?? [], targets.get(instrument) ?? 0, floorNotional))
    .toSorted((left, right) => right.drift - left.drift || (left.instrument < right.instrument ? -1 : 1))
    .slice(0, MOST_LINES);
}

function lineOf(instrument: string, held: readonly Position[], target: number, floor: number): DriftLine {
  const live = held.reduce((sum, { quantity }) => sum + quantity, 0);
  const mark = Math.max(0, ...held.map(({ markPrice }) => markPrice));
  return { instrument, live, target, mark, drift: driftOf(Math.abs(live - target), Math.abs(target), mark, floor) };
}

/** Both divided by the price, so that no product can overflow. */
function driftOf(difference: number, target: number, mark: number, floor: number): number {
  if (difference === 0) return 0;
  const yardstick = mark > 0 ? Math.max(target, floor / mark) : target;
  return yardstick > 0 ? Math.min(difference / yardstick, Number.MAX_VALUE) : 1;
}
