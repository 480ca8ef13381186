import { restrictionEffect } from '../../domain/ladder/restriction-effect.ts';
import { restrictionOf } from '../../domain/ladder/restriction-of.ts';
import type { Lease } from '../../domain/lease/lease.ts';
import type { Registration } from '../../domain/registration.ts';
import type { Strategy } from '../../domain/strategy.ts';

/** What holds a strategy back, why, since and until when, and whether each engine instance obeys it: what it was granted, and what it reports. */
export function restrictionView(state: Strategy, { engines }: Registration, leases: readonly Lease[], now: Date) {
  const restriction = restrictionOf(state);
  if (!restriction) return null;
  const held = engines.map(({ instanceId }) => ({
    instanceId,
    lease: leases.find((each) => each.instanceId === instanceId),
  }));
  return { ...restriction, effect: restrictionEffect(state, restriction, held, now) };
}
