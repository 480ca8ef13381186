import { readRiskLimits } from '../launch/read-risk-limits.ts';
import { LIMITS_KEY } from '../launch/risk-limits.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Strategy } from '../strategy.ts';

type Used = { instance: string; digest: string; from: string; until: string };

/** `limits.json`: the limits as they are approved now, what was deployed, and what each instance said it enforced, from when until when. */
export async function limitsFile(
  { id, limitsDigest }: Pick<Strategy, 'id' | 'limitsDigest'>,
  snapshots: readonly Snapshot[],
  ports: Pick<Ports, 'evidence' | 'parseYaml'>,
): Promise<string> {
  const limits = (await readRiskLimits(ports))?.strategies[id];
  const approved = limits ? { key: LIMITS_KEY, digest: digestOf(limits), limits } : null;
  const used = usedBy(snapshots);
  const digests = [approved?.digest, limitsDigest, ...used.map(({ digest }) => digest)];
  return canonicalJson({
    ...{ v: 1, strategy: id, approved, deployed: limitsDigest ?? null, used },
    isSame: digests.every((digest) => digest !== undefined && digest === digests[0]),
  });
}

/** Each instance's limits by their digest, in the order of time. */
function usedBy(snapshots: readonly Snapshot[]): Used[] {
  const seen = snapshots.flatMap(({ at, instances }) =>
    instances.flatMap((each) =>
      'unknown' in each
        ? []
        : [{ instance: each.instanceId, digest: each.limitsDigest ?? 'none', from: at, until: at }],
    ),
  );
  const used: Used[] = [];
  for (const each of seen) {
    const before = used.findLast(({ instance }) => instance === each.instance);
    if (before?.digest === each.digest) before.until = each.until;
    else used.push(each);
  }
  return used;
}
