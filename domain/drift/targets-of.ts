import { holdsLease } from '../monitor/rules/told.ts';
import type { Sample } from '../monitor/sample.ts';

/** Where targets come from, by instrument; or why there are none to compare with. */
export type TargetsKnown = { readonly quantities: ReadonlyMap<string, number> } | { readonly missing: string };

const STALE_MS = 86_400_000;
const MOST_SKEW_MS = 1_000;

/**
 * What the strategy is meant to hold (runbook 3.3): what its instances tell with leases that run, all of them together; else the file of the evidence bucket.
 * A file that is older than a day, or whose time is still to come, counts as none.
 */
export function targetsOf({
  state,
  instances,
  targets,
  now,
}: Pick<Sample, 'state' | 'instances' | 'targets' | 'now'>): TargetsKnown {
  const told = instances.flatMap(({ lease }) => (holdsLease(lease, now) ? (lease.telemetry?.targets ?? []) : []));
  const tells = instances.some(({ lease }) => holdsLease(lease, now) && lease.telemetry?.targets !== undefined);
  if (tells) return { quantities: summed(told) };
  if (!targets) return { missing: `no targets of ${state.id} are told` };
  const ageMs = now.getTime() - Date.parse(targets.at);
  if (ageMs > STALE_MS || ageMs < -MOST_SKEW_MS)
    return { missing: `the targets of ${state.id} are of ${targets.at}: they count for a day` };
  return { quantities: summed(targets.targets) };
}

function summed(all: readonly { readonly instrument: string; readonly quantity: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { instrument, quantity } of all) sums.set(instrument, (sums.get(instrument) ?? 0) + quantity);
  return sums;
}
