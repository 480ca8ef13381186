import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { type StartReviewPorts, startReview } from './start-review.ts';

const AFTER_MS = 2 * 60_000;
const UNTIL_MS = 6 * 3_600_000;
const AT_ONCE = 20;
const LISTED = 300;

type SweepPorts = StartReviewPorts & { readonly executions: Pick<Ports['executions'], 'start' | 'history'> };

/** The sweep for reviews: one whose machine could not be started gets it now, and so does a run whose end nobody was told of. Answers how many were started. */
export async function resumeReviews(ports: SweepPorts): Promise<number> {
  const runs = await ports.records.list('RUN', { limit: LISTED });
  const waiting = runs.filter(({ machine, status }) => machine === 'review' && status === 'RUNNING');
  const resumed = await Promise.all(waiting.map((run) => resume(run, ports)));
  const begun = await Promise.all(unreviewed(runs, ports.now()).map((run) => startReview(run, ports)));
  return [...resumed, ...begun].filter(Boolean).length;
}

/** True when there was no execution of that name. Starting it twice is starting it once. */
async function resume({ id, strategyId, epoch }: Run, { executions }: SweepPorts): Promise<boolean> {
  if (await executions.history('review', id, { limit: 1 })) return false;
  await executions.start('review', id, { strategyId, runId: id, epoch });
  return true;
}

/**
 * The runs whose review may have been lost with the event of their end: over for two minutes, for six hours at most, and neither reviewed nor part of
 * what is reviewed, as far as these runs say. A few at a time: the rest waits for the next sweep.
 */
export function unreviewed(runs: readonly Run[], now: Date): Run[] {
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
  const known = new Set(
    runs.flatMap(({ machine, request }) => (machine === 'review' ? [request['reviews'], request['endedBy']] : [])),
  );
  const passedOn = new Set(runs.flatMap(({ request }) => [request['stops'], request['resumes']]));
  return runs
    .filter(({ endedAt = '', ...run }) => mayBeOver(run) && ago(UNTIL_MS) < endedAt && endedAt < ago(AFTER_MS))
    .filter(({ id }) => !known.has(id) && !passedOn.has(id))
    .slice(0, AT_ONCE);
}

function mayBeOver({ machine, status, request }: Pick<Run, 'machine' | 'status' | 'request'>): boolean {
  if (machine === 'stop') return true;
  if (machine === 'kill') return typeof request['reaffirms'] !== 'string';
  return machine === 'launch' ? status !== 'SUCCEEDED' : machine === 'recover' && status === 'SUCCEEDED';
}
