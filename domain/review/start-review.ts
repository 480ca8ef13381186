import type { Run } from '../control-record.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { runName } from '../run-name.ts';
import { tradingRunOf } from './trading-run.ts';

export type StartReviewPorts = {
  readonly strategies: Pick<Ports['strategies'], 'read'>;
  readonly records: Pick<Ports['records'], 'get' | 'list' | 'put'>;
  readonly ledger: Pick<Ports['ledger'], 'page'>;
  readonly executions: Pick<Ports['executions'], 'start'>;
  readonly now: () => Date;
};

const LISTED = 200;

/**
 * Runbook 7: begins the review of the run that has just ended, once nothing holds the strategy for it any more: stopped, killed, recovered, or a
 * launch that was withdrawn after it held the lock. The intent is recorded first; its name comes from the run that is reviewed, so that a repeat starts the
 * same. Answers the run of the review, or nothing where there is nothing to review yet.
 */
export async function startReview(ended: Run, ports: StartReviewPorts): Promise<Run | undefined> {
  if (!(await isReviewed(ended, ports)) || (await isHeld(ended, ports))) return undefined;
  const subject = await tradingRunOf(ended, ports);
  const id = runName('review', subject.strategyId, subject.id, new Date(subject.startedAt));
  const { strategyId, epoch } = ended;
  const known = await ports.records.get('RUN', id);
  const intent: Run = known ?? {
    ...{ id, machine: 'review', strategyId, epoch, status: 'RUNNING', requestedBy: ActorId.parse('service:review') },
    ...{ startedAt: ports.now().toISOString(), ...(subject.ticket !== undefined && { ticket: subject.ticket }) },
    request: { reviews: subject.id, endedBy: ended.id },
    summary: `reviewing ${subject.id}`,
  };
  if (!known) await ports.records.put({ kind: 'RUN', record: intent });
  await ports.executions.start('review', id, { strategyId, runId: id, epoch: intent.epoch });
  return intent;
}

/** A launch that never held the lock has changed nothing. */
async function isReviewed(ended: Run, { records }: StartReviewPorts): Promise<boolean> {
  if (!mayBeReviewed(ended)) return false;
  return ended.machine !== 'launch' || (await records.get('COMMAND', `${ended.id}/LockDeployment`)) !== undefined;
}

/** As far as the run itself says: a kill that repeats another has no review of its own, nor has a launch that is live, or a recovery that was withdrawn. */
export function mayBeReviewed({ machine, status, request }: Run): boolean {
  if (status === 'RUNNING') return false;
  if (machine === 'stop') return true;
  if (machine === 'kill') return typeof request['reaffirms'] !== 'string';
  return machine === 'launch' ? status !== 'SUCCEEDED' : machine === 'recover' && status === 'SUCCEEDED';
}

/** Whether the strategy is still stopping, or another stop or kill of it is under way: whichever ends last begins the review. */
async function isHeld({ id, strategyId, machine }: Run, { strategies, records }: StartReviewPorts): Promise<boolean> {
  if (machine === 'kill' || machine === 'recover') return false; // they end when everything else has
  const state = await strategies.read(strategyId);
  if (state?.mode === 'STOPPING') return true;
  const runs = await records.list('RUN', { limit: LISTED });
  return runs.some(
    (run) =>
      run.strategyId === strategyId &&
      run.id !== id &&
      run.status === 'RUNNING' &&
      (run.machine === 'stop' || run.machine === 'kill'),
  );
}
