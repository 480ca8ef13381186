import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Monitors } from './monitor-settings.ts';

/** One threshold that is not what it was: `defaults.latency.p95Ms`. Null where it was not said, or is not said any more. */
export type ThresholdDifference = { readonly path: string; readonly before: unknown; readonly after: unknown };

type Thresholds = Pick<Monitors, 'defaults' | 'venues' | 'strategies'>;

/** Every threshold that two editions of the file say differently, by its path. */
export function thresholdDifferences(before: Thresholds, after: Thresholds): ThresholdDifference[] {
  const [was, is] = [leavesOf(thresholdsOf(before)), leavesOf(thresholdsOf(after))];
  const paths = [...new Set([...was.keys(), ...is.keys()])].toSorted();
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((each) => canonicalJson(each.before) !== canonicalJson(each.after));
}

const thresholdsOf = ({ defaults, venues, strategies }: Thresholds) => ({ defaults, venues, strategies });

/** Every value below maps, by its path. A list is one value. */
function leavesOf(value: unknown, path: readonly string[] = []): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[path.join('.'), value]]);
  return new Map(Object.entries(value).flatMap(([name, part]) => [...leavesOf(part, [...path, name])]));
}
