import type { StrategyId } from '../ids.ts';
import { type Lease, leaseId } from '../lease/lease.ts';
import type { Mode } from '../mode.ts';
import type { Sample } from '../monitor/sample.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import type { Known } from './known.ts';
import { readEach } from './read-each.ts';
import type { WatchMemory } from './watch-memory.ts';
import type { WatchdogPorts } from './watchdog-ports.ts';

/** All that one look has seen: what can be judged, and of whom nothing could be read. */
export type Look = { readonly samples: readonly Sample[]; readonly unread: ReadonlyMap<StrategyId, string> };

/** Nothing trades in them, nothing is meant to, and nobody watches them. */
export const isAtRest = (mode: Mode): boolean => mode === 'OFF' || mode === 'KILLED';

/**
 * Reads every strategy, and the leases of those that are not at rest, in a number of calls that grows with each hundred. The leases come
 * after the state that they are held against, and `now` stands between them: nothing looks older than it is. A lease that cannot be read is
 * none: whoever judges counts it as missing.
 */
export async function readSamples(
  known: Known,
  memory: Pick<WatchMemory, 'standing' | 'targets'>,
  ports: WatchdogPorts,
): Promise<Look> {
  const registered = known.registrations;
  const { strategies } = ports;
  const { found, problems } = await readEach(
    registered.map(({ id }) => id),
    (ids) => strategies.readMany(ids),
    (id) => strategies.read(id),
  );
  const now = ports.now();
  const leases = await readLeases(registered, found, ports);
  const samples = registered.flatMap((registration): Sample[] => {
    const state = found.get(registration.id);
    if (!state) return [];
    const instances = registration.engines.map(({ instanceId }) => ({
      instanceId,
      lease: leases.get(leaseId(registration.id, instanceId)),
    }));
    return [{ state, registration, instances, ...judgedBy(registration.id, known, memory), now }];
  });
  const unread = registered.flatMap(({ id }) => {
    const problem = problems.get(id);
    return problem === undefined ? [] : [[id, problem] as const];
  });
  return { samples, unread: new Map(unread) };
}

async function readLeases(
  registered: readonly Registration[],
  states: ReadonlyMap<string, Strategy>,
  { records }: WatchdogPorts,
): Promise<ReadonlyMap<string, Lease>> {
  const watched = registered.filter(({ id }) => !isAtRest(states.get(id)?.mode ?? 'OFF'));
  const { found } = await readEach(
    watched.flatMap(({ id, engines }) => engines.map(({ instanceId }) => leaseId(id, instanceId))),
    (ids) => records.getMany('LEASE', ids),
    (id) => records.get('LEASE', id),
  );
  return found;
}

/** A drift review that nobody knows of accepts nothing, and limits that nobody could read allow nothing. */
const judgedBy = (
  id: StrategyId,
  { limits, drifts }: Known,
  { standing, targets }: Pick<WatchMemory, 'standing' | 'targets'>,
): Pick<Sample, 'limits' | 'drift' | 'targets' | 'standing'> => ({
  limits: limits ? limits.strategies[id] : 'unreadable',
  drift: drifts?.get(id),
  targets: targets.get(id),
  standing: standing.get(id),
});
