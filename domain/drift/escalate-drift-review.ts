import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { Strategy } from '../strategy.ts';
import type { DriftPorts } from './drift-ports.ts';
import type { DriftReview } from './drift-review.ts';
import { enteredLines, linesText, worstOf } from './lines-text.ts';

/** Tells once that nobody has decided a review in time. Where somebody has decided it, or changed it, by now, it is left as it is. Throws Contended. */
export async function escalateDriftReview(
  review: DriftReview,
  now: Date,
  ports: DriftPorts,
): Promise<DriftReview | undefined> {
  const { id, strategyId, version } = review;
  const decide = async (state: Strategy): Promise<Decision<DriftReview | undefined>> => {
    const stands = await ports.records.get('DRIFT', id);
    return stands?.version === version ? escalated(state, review, now) : { state, entries: [], reply: stands };
  };
  const { reply } = await change(strategyId, { key: `${id}/escalate`, body: { review: id } }, decide, ports);
  return reply;
}

function escalated(state: Strategy, before: DriftReview, now: Date): Decision<DriftReview> {
  const review = { ...before, escalatedAt: now.toISOString(), version: before.version + 1 };
  const { id, strategyId, runId, openedAt, lines } = review;
  const reason = `${id} waits since ${openedAt}; ${worstOf(lines)} from its target`;
  return {
    state,
    entries: [
      {
        ...{ type: 'drift.escalated', actor: ActorId.parse('service:watchdog'), ...(runId && { run: runId }) },
        payload: { review: id, openedAt, lines: enteredLines(lines) },
      },
    ],
    records: [
      { kind: 'DRIFT', record: review },
      ...announce('drift-unreviewed', { strategyId, runId, occasion: id, reason, lines: linesText(lines) }, now),
    ],
    reply: review,
  };
}
