import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { Strategy } from '../strategy.ts';
import type { DriftPorts } from './drift-ports.ts';
import type { DriftLine, DriftReview } from './drift-review.ts';
import { enteredLines, linesText, worstOf } from './lines-text.ts';

export type DriftFound = {
  readonly state: Strategy;
  readonly lines: DriftLine[];
  /** The review whose acceptance does not cover it any more. */
  readonly instead: DriftReview | undefined;
  readonly now: Date;
};

/** Opens the review of a drift, announced. Its id holds the minute in which it was opened, so that two who look at the same time open one. Throws Contended. */
export async function openDriftReview(
  { state, lines, instead, now }: DriftFound,
  ports: DriftPorts,
): Promise<DriftReview> {
  const at = now.toISOString();
  const id = `drift-${state.id}-${at.slice(0, 16).replaceAll(/[-:]/g, '')}`;
  const review: DriftReview = {
    ...{ id, strategyId: state.id, ...(state.run && { runId: state.run.id }), status: 'open' },
    ...{ openedAt: at, at, lines, version: 1 },
  };
  const decide = async (before: Strategy) => {
    const over = instead && (await ports.records.get('DRIFT', instead.id));
    return opened(before, review, over, now);
  };
  const { reply } = await change(state.id, { key: `${id}/open`, body: { review: id } }, decide, ports);
  return reply;
}

function opened(
  state: Strategy,
  review: DriftReview,
  instead: DriftReview | undefined,
  now: Date,
): Decision<DriftReview> {
  const { id, strategyId, runId, lines } = review;
  const reason = `${worstOf(lines)} from its target; decide with: tradepulse-cli drift review ${id}`;
  const over: ControlRecord[] = instead
    ? [{ kind: 'DRIFT', record: { ...instead, status: 'over', version: instead.version + 1 } }]
    : [];
  return {
    state,
    entries: [
      {
        ...{ type: 'drift.opened', actor: ActorId.parse('service:watchdog'), ...(runId && { run: runId }) },
        payload: { review: id, lines: enteredLines(lines), ...(instead && { instead: instead.id }) },
      },
    ],
    records: [
      { kind: 'DRIFT', record: review },
      ...over,
      ...announce('drift-review', { strategyId, runId, occasion: id, reason, lines: linesText(lines) }, now),
    ],
    reply: review,
  };
}
