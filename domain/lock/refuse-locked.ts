import type { RunId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';

/**
 * Runbook 2.1: while another run holds the strategy nobody else may change it. The second who asks learns who holds it, since
 * when, for what, and until when; `runId` is whoever asks. Nothing when it is free, the asker's own, or the lock has expired.
 */
export function refuseLocked({ id, lock }: Strategy, runId: RunId | undefined, now: Date): Refusal | undefined {
  if (!lock || lock.runId === runId || lock.expiresAt <= now.toISOString()) return undefined;
  const { action = 'run', ticket } = lock;
  const forWhat = ticket === undefined ? `a ${action}` : `the ${action} of ${ticket}`;
  return new Refusal(
    'DeploymentLocked',
    `${id} is locked by ${lock.runId} since ${lock.acquiredAt} for ${forWhat}, until ${lock.expiresAt} unless that run renews it`,
    'wait for that run to end, or stop the strategy',
    {
      ...{ heldBy: lock.runId, actor: lock.actor, action, ticket: ticket ?? null },
      ...{ since: lock.acquiredAt, until: lock.expiresAt },
    },
  );
}
