import { Problem } from '../program/problem.ts';
import type { Arm, Command, Halt, SetMode, Throttle } from './commands.ts';
import type { EngineState, Instant, Loaded } from './engine-state.ts';
import { expire, inForce } from './lease-rules.ts';

/** Refuses a lower epoch than the engine's with 409 StaleEpoch; adopts a higher one, which leaves an arming of an earlier epoch behind. */
export function adoptEpoch(state: EngineState, { epoch }: Pick<Command, 'epoch'>): EngineState {
  if (epoch < state.epoch) {
    throw new Problem(
      409,
      'StaleEpoch',
      `epoch ${epoch} is over, this instance is at ${state.epoch}`,
      'read the strategy again, and decide afresh',
      {
        epoch: state.epoch,
      },
    );
  }
  return { ...state, epoch };
}

/**
 * Latches, from any state and at any epoch. A sender that knows less than the engine (a kill straight from memory says epoch
 * 0) fences everything up to the engine's own epoch. A repeated halt keeps the first moment, and the higher fence.
 */
export function halt(
  state: EngineState,
  { epoch, reason, commandId = 'engine' }: Pick<Halt, 'epoch' | 'reason'> & { readonly commandId?: string },
  now: Instant,
): EngineState {
  const armFrom = epoch < state.epoch ? state.epoch + 1 : epoch;
  const earlier = state.halt;
  return {
    ...state,
    epoch: Math.max(epoch, state.epoch),
    armedEpoch: null,
    halt: {
      reason: earlier?.reason ?? reason.slice(0, 500),
      by: earlier?.by ?? commandId,
      at: earlier?.at ?? new Date(now.wall).toISOString(),
      armFrom: Math.max(armFrom, earlier?.armFrom ?? 0),
    },
    probing: state.probing && { ...state.probing, until: null, halted: true },
    left: [], // nothing rests through a halt
  };
}

/**
 * Lifts a halt or an expiry, for what is really loaded. It grants no trading yet: a lease asked for afterwards has to. Refused
 * without an unexpired lease, for other digests than the loaded ones, and when the same command armed before a later halt.
 */
export function arm(before: EngineState, command: Arm, now: Instant): EngineState {
  const state = adoptEpoch(expire(before, now), command);
  requireLoaded(state, command);
  if (state.armedBy === command.commandId && state.armedEpoch !== command.epoch) {
    throw new Problem(
      409,
      'AlreadyArmed',
      'this command armed the instance before, and it was disarmed since',
      'launch again',
    );
  }
  if (state.halt && command.epoch < state.halt.armFrom) {
    throw new Problem(
      409,
      'StaleEpoch',
      `the halt of ${state.halt.at} fences epoch ${command.epoch}`,
      `arm at epoch ${state.halt.armFrom} or later`,
      {
        epoch: state.epoch,
        armFrom: state.halt.armFrom,
      },
    );
  }
  if (!state.lease)
    throw new Problem(409, 'NoLease', 'this instance holds no lease', 'let it reach the control plane, then arm again');
  if (state.armedBy === command.commandId) return state; // a repeat, already in force
  return {
    ...state,
    armedEpoch: command.epoch,
    armedBy: command.commandId,
    armedRate: command.maxOrdersPerSec,
    armedSince: now.elapsed,
    lapsedEpoch: null,
    halt: null,
    modeCeiling: null,
    rateCeiling: null,
    probing: null,
    left: [],
  };
}

function requireLoaded({ loaded }: EngineState, { artifactDigest, limitsDigest }: Arm): void {
  const actual = { artifactDigest: loaded?.artifactDigest ?? null, limitsDigest: loaded?.limitsDigest ?? null };
  if (actual.artifactDigest === artifactDigest && actual.limitsDigest === limitsDigest) return;
  throw new Problem(409, 'NotLoaded', 'what is loaded here is not what shall be armed', 'deploy first', {
    expected: { artifactDigest, limitsDigest },
    actual,
  });
}

/**
 * A push ahead of the lease; it can make things safer at once, and never grants more than the lease does. At a higher epoch the lease that
 * counts goes along, no longer than it lasts: armed for the earlier epoch the instance at most reduces, instead of cancelling what may stay
 * until the next lease comes. `leave` replaces the orders that were left before.
 */
export function setMode(before: EngineState, command: SetMode, now: Instant): EngineState {
  const held = expire(before, now);
  const counts = held.lease?.epoch === held.epoch;
  const state = adoptEpoch(held, command);
  const left = command.leave?.map(({ orderId }) => orderId) ?? state.left;
  const lease = counts && held.lease ? { ...held.lease, epoch: command.epoch } : held.lease;
  return { ...state, left, lease, modeCeiling: { value: command.mode, since: now.elapsed } };
}

/** Orders per second from now on, until a later lease; 0 stops. Never more than the lease grants. */
export function throttle(before: EngineState, command: Throttle, now: Instant): EngineState {
  const state = adoptEpoch(expire(before, now), command);
  return { ...state, rateCeiling: { value: command.maxOrdersPerSec, since: now.elapsed } };
}

/** Takes a deployment. Refused while the instance may trade: what runs is never swapped under way. */
export function requireIdle(before: EngineState, command: Command, now: Instant): EngineState {
  const state = adoptEpoch(expire(before, now), command);
  const { mode } = inForce(state, now);
  if (mode !== 'SAFE')
    throw new Problem(409, 'Trading', `the instance is ${mode}`, 'stop the strategy first', { mode });
  return state;
}

/** A new deployment ends the arming of the old one. */
export const load = (state: EngineState, loaded: Loaded): EngineState => ({
  ...state,
  loaded,
  armedEpoch: null,
  lapsedEpoch: null,
});
