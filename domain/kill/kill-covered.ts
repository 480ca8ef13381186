import { readStrategy } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import { runName } from '../run-name.ts';
import type { Strategy } from '../strategy.ts';
import { coveringLatches } from './covering-latches.ts';
import { latchStrategy } from './latch-strategy.ts';
import { scopedReason } from './scope-latch.ts';

export type KillCoveredPorts = Pick<Ports, 'strategies' | 'now'> & {
  readonly records: Pick<Ports['records'], 'get'>;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
};

/**
 * Kills a strategy that a killed scope covers and that is not killed yet: the fan-out missed it, or it was registered later.
 * By the scope's initiator, for the scope's reason, in the run that the fan-out would have given it, so that both of them
 * make one kill. Answers the strategy as it is then.
 */
export async function killCovered(
  state: Strategy,
  registration: Registration,
  ports: KillCoveredPorts,
): Promise<Strategy> {
  if (state.latch) return state;
  const [latch] = await coveringLatches(registration, ports);
  if (!latch) return state;
  const { id: scope, command, initiatedBy, initiatorRoles, reason, proof, at } = latch;
  const kill = {
    actor: initiatedBy,
    roles: initiatorRoles,
    reason: scopedReason(scope, reason),
    runId: runName('kill', state.id, command, new Date(at)),
    ...(proof && { proof }),
    now: ports.now(),
  };
  await latchStrategy(state.id, kill, ports);
  return readStrategy(state.id, ports);
}
