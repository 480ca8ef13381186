import type { Lease } from '../lease/lease.ts';
import type { Mode } from '../mode.ts';
import type { Strategy } from '../strategy.ts';
import type { Restriction } from './restriction.ts';

/** What one instance was granted since, and what it says that it obeys. */
export type InstanceEffect = {
  readonly instanceId: string;
  readonly granted: Mode | null;
  readonly reported: string | null;
  readonly inForce: boolean;
};

/** Modes of an engine, each safer than the one before it. */
const LADDER: readonly unknown[] = ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'SAFE'];

/**
 * Whether a restriction is obeyed, by what every registered instance told with its last renewal: granted and reported. What holds no lease counts as
 * not known to obey, although its engine is SAFE by itself then.
 */
export const restrictionEffect = (
  state: Pick<Strategy, 'epoch'>,
  restriction: Restriction,
  leases: readonly { readonly instanceId: string; readonly lease: Lease | undefined }[],
  now: Date,
): InstanceEffect[] =>
  leases.map(({ instanceId, lease }) => {
    const reported = lease?.report['mode'];
    return {
      instanceId,
      granted: lease?.grantedMode ?? null,
      reported: typeof reported === 'string' ? reported : null,
      inForce: lease !== undefined && isGrantedSince(lease, state, restriction, now) && isAsSafe(reported, restriction),
    };
  });

/** Held now, at the present epoch, and granted after the newest cause was noted. */
const isGrantedSince = (lease: Lease, { epoch }: Pick<Strategy, 'epoch'>, restriction: Restriction, now: Date) =>
  lease.epoch === epoch &&
  restriction.causes.every(({ at }) => at <= lease.grantedAt) &&
  lease.expiresAt > now.toISOString() &&
  isAsSafe(lease.grantedMode, restriction);

const isAsSafe = (mode: unknown, { mode: least }: Restriction): boolean =>
  LADDER.indexOf(mode) >= LADDER.indexOf(least);
