import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { mayBeReviewed, type StartReviewPorts, startReview } from './start-review.ts';

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
  const begun = await beginSome(unreviewed(runs, ports.now()), ports);
  return resumed.filter(Boolean).length + begun;
}

/** A few at a time: the rest waits for the next sweep. What turns out to have no review takes nobody's place. */
async function beginSome(runs: readonly Run[], ports: SweepPorts): Promise<number> {
  let begun = 0;
  for (const run of runs) {
    if (await startReview(run, ports)) begun += 1;
    if (begun === AT_ONCE) break;
  }
  return begun;
}

/** True when there was no execution of that name. Starting it twice is starting it once. */
async function resume({ id, strategyId, epoch }: Run, { executions }: SweepPorts): Promise<boolean> {
  if (await executions.history('review', id, { limit: 1 })) return false;
  await executions.start('review', id, { strategyId, runId: id, epoch });
  return true;
}

/**
 * The runs whose review may have been lost with the event of their end: over for two minutes, for six hours at most, and neither reviewed nor part of
 * what is reviewed, as far as these runs say.
 */
export function unreviewed(runs: readonly Run[], now: Date): Run[] {
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
  const known = new Set(
    runs.flatMap(({ machine, request }) => (machine === 'review' ? [request['reviews'], request['endedBy']] : [])),
  );
  const passedOn = new Set(runs.flatMap(({ request }) => [request['stops'], request['resumes']]));
  return runs
    .filter((run) => mayBeReviewed(run) && isBetween(run.endedAt, ago(UNTIL_MS), ago(AFTER_MS)))
    .filter(({ id }) => !known.has(id) && !passedOn.has(id));
}

const isBetween = (at: string | undefined, after: string, before: string): boolean =>
  at !== undefined && after < at && at < before;
