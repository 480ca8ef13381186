import { isLive, type Mode } from '../mode.ts';
import type { Strategy } from '../strategy.ts';
import type { Lease } from './lease.ts';

export type Renewal = { instanceId: string; epoch: number };
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
 * that a live strategy's instance came too late: the strategy goes SAFE and the epoch rises before anything is granted.
 */
export function judgeRenewal(
  state: Strategy,
  renewal: Renewal,
  evidence: RenewalEvidence,
): { expired: boolean; terms: LeaseTerms } {
  const { lease, now } = evidence;
  const expired =
    lease !== undefined &&
    lease.epoch === state.epoch &&
    isLive(lease.grantedMode) &&
    isLive(state.mode) &&
    lease.expiresAt <= now.toISOString();
  const mode = allowedMode(state, renewal, evidence);
  const trading = isLive(mode) && mode !== 'REDUCE_ONLY';
  return {
    expired,
    terms: {
      mode,
      maxOrdersPerSec: trading ? state.maxOrdersPerSec : 0,
      epoch: state.epoch,
      expiresInMs: evidence.ttlMs,
    },
  };
}

function allowedMode({ mode, latch, epoch }: Strategy, renewal: Renewal, { live }: RenewalEvidence): Mode {
  if (latch || mode === 'KILLED') return 'KILLED';
  if (mode === 'STOPPING') return renewal.epoch <= epoch ? 'REDUCE_ONLY' : 'SAFE';
  if (!isLive(mode)) return mode;
  if (live !== true) return 'SAFE'; // product decision 8: flag false means SAFE outside a stop
  return renewal.epoch === epoch ? mode : 'REDUCE_ONLY'; // an older epoch learns the new one and at most reduces
}
