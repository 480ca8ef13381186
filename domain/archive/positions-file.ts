import type { Exposure } from '../kill/exposure.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Settlement } from '../settle/settlement.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** What is known of the end of a run, the best first. */
export type LastHeld = {
  readonly settlement: Settlement | undefined;
  readonly exposure: Exposure | undefined;
  readonly snapshot: Snapshot | undefined;
};

/** `positions.json`: what was held in the end, by the best that is known: the settlement, what venues and engines said at the kill, or the last minute. */
export function positionsFile({ settlement, exposure, snapshot }: LastHeld): string {
  if (settlement) {
    const { at, verdict, venues, engines } = settlement;
    return canonicalJson({ v: 1, from: 'settle.json', at, verdict, venues, engines });
  }
  if (exposure) return canonicalJson({ v: 1, from: 'exposure.json', ...exposure });
  const engines = snapshot?.instances.map((each) => ({
    source: each.instanceId,
    ...('positions' in each ? { positions: each.positions } : { unknown: each.unknown }),
  }));
  return canonicalJson({ v: 1, from: snapshot ? 'the last minute that was kept' : null, at: snapshot?.at, engines });
}
