import type { RunId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { refuseLocked } from './refuse-locked.ts';

/**
 * Runbook 2.1: what comes after the lock happens only while the run holds it. Refuses a run whose lock has expired, whether or not
 * anybody else has taken it since (LockExpired), and one that somebody else holds the strategy against (DeploymentLocked).
 */
export function requireLock(state: Strategy, runId: RunId, now: Date): Refusal | undefined {
  const { id, lock } = state;
  if (lock?.runId === runId && lock.expiresAt > now.toISOString()) return undefined;
  const expired = lock?.runId === runId ? ` since ${lock.expiresAt}` : '';
  return (
    refuseLocked(state, runId, now) ??
    new Refusal(
      'LockExpired',
      `${runId} does not hold the lock of ${id} any more${expired}`,
      'begin again: what was under way is withdrawn',
      { until: lock?.runId === runId ? lock.expiresAt : null },
    )
  );
}
