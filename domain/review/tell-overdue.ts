import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { requireReview } from './close-review.ts';
import { isOverdue, type Review } from './review.ts';

const MOST_REVIEWS = 1_000;
const BY = ActorId.parse('service:review');

export type OverduePorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/** Tells people once of each review that is open past its time, and that launches of its strategy are frozen until it is closed. Answers how many were told of. */
export async function tellOverdue(ports: OverduePorts): Promise<number> {
  const now = ports.now();
  const all = await ports.records.list('REVIEW', { limit: MOST_REVIEWS });
  const due = all.filter((each) => isOverdue(each, now) && each.toldOverdueAt === undefined);
  for (const { id, strategyId } of due)
    await change(
      strategyId,
      { key: `${id}/ReviewOverdue`, body: { review: id } },
      async (state) => told(state, await requireReview(id, ports), ports.now()),
      ports,
    );
  return due.length;
}

/** The rule: it is noted in the review itself, so that neither a late sweep nor one of next month tells it again. */
function told(state: Strategy, review: Review, now: Date): Decision<object> {
  const { id, strategyId, dueAt, findingCount = 0, run } = review;
  if (!isOverdue(review, now) || review.toldOverdueAt !== undefined) return { state, entries: [], reply: {} };
  const reason = `${findingCount} findings; it was due at ${dueAt}, and launches of ${strategyId} are frozen until it is closed`;
  return {
    state,
    entries: [{ type: 'review.overdue', actor: BY, run, payload: { reviews: id, dueAt } }],
    records: [
      { kind: 'REVIEW', record: { ...review, toldOverdueAt: now.toISOString() } },
      ...announce('review-overdue', { strategyId, runId: id, reason }, now),
    ],
    reply: {},
  };
}
