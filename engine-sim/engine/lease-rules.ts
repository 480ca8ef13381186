import { type EngineState, type Instant, type Lease, safer, TRADING_MODES, type TradingMode } from './engine-state.ts';

export type LeaseTerms = {
  readonly mode: string;
  readonly maxOrdersPerSec: number;
  readonly epoch: number;
  readonly expiresInMs: number;
};
export type InForce = { readonly mode: TradingMode; readonly maxOrdersPerSec: number };

const STOPPED: InForce = { mode: 'SAFE', maxOrdersPerSec: 0 };

/** Over by either clock: a clock set back cannot extend a lease, and a machine that slept does not wake up trading. */
export const isOver = ({ sent, ttlMs }: Pick<Lease, 'sent' | 'ttlMs'>, now: Instant): boolean =>
  now.elapsed - sent.elapsed >= ttlMs || now.wall - sent.wall >= ttlMs;

/** Nothing may be decided on a lease that is over: it ends, and with it the arming. Only `arm` brings it back. */
export function expire(state: EngineState, now: Instant): EngineState {
  return state.lease && isOver(state.lease, now) ? disarmed(state) : state;
}

/** Without a lease, and without the permission that was its own; how it lost it stays known. */
export const disarmed = (state: EngineState): EngineState => ({
  ...state,
  lease: null,
  armedEpoch: null,
  lapsedEpoch: state.armedEpoch === null ? state.lapsedEpoch : state.epoch,
  probing: state.probing && { ...state.probing, until: null },
});

/** Takes a granted lease, unless it came too late, is older than the one held, or belongs to a lower epoch: those are dropped. */
export function takeLease(before: EngineState, sent: Instant, terms: LeaseTerms, now: Instant): EngineState {
  const state = expire(before, now);
  const lease = {
    mode: modeOf(terms.mode),
    maxOrdersPerSec: terms.maxOrdersPerSec,
    epoch: terms.epoch,
    sent,
    ttlMs: terms.expiresInMs,
  };
  if (
    terms.epoch < state.epoch ||
    isOver(lease, now) ||
    sent.elapsed <= (state.lease?.sent.elapsed ?? Number.NEGATIVE_INFINITY)
  )
    return state;
  return {
    ...state,
    epoch: terms.epoch,
    lease,
    modeCeiling: outlived(state.modeCeiling, sent),
    rateCeiling: outlived(state.rateCeiling, sent),
  };
}

const outlived = <Held extends { readonly since: number }>(ceiling: Held | null, sent: Instant): Held | null =>
  ceiling && ceiling.since >= sent.elapsed ? ceiling : null;

/** The control plane says that the lease had expired: SAFE at its epoch. A word about a lower epoch is about the past. */
export function loseLease(state: EngineState, epoch: number): EngineState {
  return epoch < state.epoch ? state : { ...disarmed(state), epoch };
}

/** Modes that are none of an engine's own (OFF, LAUNCHING, STOPPING, KILLED, and whatever comes later) mean SAFE. */
export const modeOf = (mode: string): TradingMode => TRADING_MODES.find((known) => known === mode) ?? 'SAFE';

/**
 * What the instance may do at this moment. Latched, disarmed, without a lease, with one of another epoch or one that was
 * asked for before the arm it is SAFE; armed for an earlier epoch it may at most reduce.
 */
export function inForce(before: EngineState, now: Instant): InForce {
  const state = expire(before, now);
  const { lease, armedEpoch, epoch, halt } = state;
  if (halt || !lease || armedEpoch === null || lease.epoch !== epoch) return STOPPED;
  if (lease.sent.elapsed <= state.armedSince) return STOPPED; // asked for before the arm
  const byEpoch = armedEpoch === epoch ? 'ACTIVE' : 'REDUCE_ONLY';
  const mode = safer(safer(lease.mode, byEpoch), state.modeCeiling?.value ?? 'ACTIVE');
  if (mode === 'SAFE') return STOPPED;
  const granted = Math.min(lease.maxOrdersPerSec, state.armedRate);
  return { mode, maxOrdersPerSec: Math.min(granted, state.rateCeiling?.value ?? Number.POSITIVE_INFINITY) };
}
