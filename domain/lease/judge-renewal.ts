import { isLive, type Mode } from '../mode.ts';
import type { Strategy } from '../strategy.ts';
import type { Lease } from './lease.ts';

/** `lapsedEpoch`: where the engine, armed, lost its permission by itself, if it did. */
export type Renewal = {
  instanceId: string;
  epoch: number;
  lapsedEpoch?: number | null | undefined;
  halt?: EngineHalt | null | undefined;
};
/** What halted an engine first, and when by its clock: a command by its id, or `engine`. */
export type EngineHalt = { by: string; at: string };
/** Why a lease is over: the next renewal came too late, the engine ended it itself, or our clock cannot tell any more. */
export type Expiry = 'not-renewed' | 'ended-in-engine' | 'clock-set-back';
export type LeaseTerms = { mode: Mode; maxOrdersPerSec: number; epoch: number; expiresInMs: number };

export type RenewalEvidence = {
  lease: Lease | undefined;
  /** `live.enabled` as readers see it; unreadable is undefined and counts as false. */
  live: boolean | undefined;
  ttlMs: number;
  now: Date;
};

/**
 * What one instance may do until its lease ends (architecture sections 3 and 7). Trading is allowed only while nothing is
 * latched, the flag is true, the earlier lease had not expired, the epoch matches and the mode allows it. `expired` means
 * that a live strategy's lease is over: the strategy goes SAFE and the epoch rises before anything is granted.
 */
export function judgeRenewal(
  state: Strategy,
  renewal: Renewal,
  evidence: RenewalEvidence,
): { expired: Expiry | undefined; terms: LeaseTerms } {
  const mode = allowedMode(state, renewal, evidence);
  return {
    expired: expiryOf(state, renewal, evidence),
    terms: {
      mode,
      maxOrdersPerSec: maySend(state, renewal, mode) ? state.maxOrdersPerSec : 0,
      epoch: state.epoch,
      expiresInMs: evidence.ttlMs,
    },
  };
}

/** A strategy that only reduces has a rate, to close with; an engine that merely learns a new epoch has none, nor has one that is being stopped. */
const maySend = (state: Strategy, { epoch }: Renewal, mode: Mode): boolean =>
  isLive(mode) && (mode !== 'REDUCE_ONLY' || (state.mode === 'REDUCE_ONLY' && epoch === state.epoch));

/** A halt that the control plane did not send: straight from a device (`kill --direct`), or by the engine itself. All of ours are named after their runs. */
export const isForeign = ({ by }: EngineHalt): boolean => by === 'engine' || by.startsWith('direct/');

function allowedMode(state: Strategy, renewal: Renewal, { live }: RenewalEvidence): Mode {
  const { mode, latch, epoch } = state;
  if (latch || mode === 'KILLED') return 'KILLED';
  if (mode === 'STOPPING') return whileStopping(state, renewal);
  if (!isLive(mode)) return mode;
  if (renewal.halt && isForeign(renewal.halt)) return 'SAFE'; // asked before an arm at the latest: the next one tells
  if (live !== true) return 'SAFE'; // product decision 8: flag false means SAFE outside a stop
  return renewal.epoch === epoch ? mode : 'REDUCE_ONLY'; // an older epoch learns the new one and at most reduces
}

/** Closing orders go through until everything is drained (product decision 8). */
const whileStopping = ({ epoch, drained }: Strategy, renewal: Renewal): Mode =>
  !drained && renewal.epoch <= epoch ? 'REDUCE_ONLY' : 'SAFE';

/** How far the clocks of two of our functions may differ. */
const MOST_SKEW_MS = 1_000;

/** The engine counts from when it asked, so it may end a lease that by our clock still runs: its word is enough. */
function expiryOf({ mode, epoch }: Strategy, { lapsedEpoch }: Renewal, evidence: RenewalEvidence): Expiry | undefined {
  const { lease, now } = evidence;
  if (!lease || lease.epoch !== epoch || !isLive(mode)) return undefined;
  if (lapsedEpoch === epoch) return 'ended-in-engine';
  if (!isLive(lease.grantedMode)) return undefined;
  if (Date.parse(lease.grantedAt) - now.getTime() > MOST_SKEW_MS) return 'clock-set-back';
  return lease.expiresAt <= now.toISOString() ? 'not-renewed' : undefined;
}
