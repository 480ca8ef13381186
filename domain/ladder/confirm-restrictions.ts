import { change, readRegistration } from '../change.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import { leaseId } from '../lease/lease.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { liftTerms } from './lift-terms.ts';
import { restrictionEffect } from './restriction-effect.ts';
import { restrictionOf } from './restriction-of.ts';

type ConfirmPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

const ACTOR = ActorId.parse('service:control-plane');

/** Records, once for each restriction, that every engine instance was seen to obey it: by its lease and by its own word. Answers how many. */
export async function confirmRestrictions(strategies: readonly Strategy[], ports: ConfirmPorts): Promise<number> {
  const confirmed = await Promise.all(strategies.map((state) => confirm(state, ports)));
  return confirmed.filter(Boolean).length;
}

async function confirm(seen: Strategy, ports: ConfirmPorts): Promise<boolean> {
  const restriction = restrictionOf(seen);
  if (!restriction || restriction.inForceAt !== undefined) return false;
  const key = `${seen.id}/in-force/${seen.epoch}/${digestOf(liftTerms(restriction))}`;
  const { reply, repeated } = await change(
    seen.id,
    { key, body: { id: seen.id } },
    (state) => decide(state, ports),
    ports,
  );
  return reply && !repeated;
}

async function decide(state: Strategy, ports: ConfirmPorts): Promise<Decision<boolean>> {
  const notYet = { state, entries: [], reply: false };
  const restriction = restrictionOf(state);
  if (!restriction || restriction.inForceAt !== undefined) return notYet;
  const instances = restrictionEffect(state, restriction, await leasesOf(state, ports), ports.now());
  if (!instances.every(({ inForce }) => inForce)) return notYet;
  const { mode, maxOrdersPerSec } = restriction;
  return {
    state: { ...state, restriction: { ...restriction, inForceAt: ports.now().toISOString() } },
    entries: [
      {
        type: 'restriction.in-force',
        actor: ACTOR,
        ...(state.run && { run: state.run.id }),
        payload: { mode, maxOrdersPerSec, instances },
      },
    ],
    reply: true,
  };
}

async function leasesOf({ id }: Strategy, { records }: ConfirmPorts) {
  const { engines } = await readRegistration(id, { records });
  return Promise.all(
    engines.map(async ({ instanceId }) => ({ instanceId, lease: await records.get('LEASE', leaseId(id, instanceId)) })),
  );
}
