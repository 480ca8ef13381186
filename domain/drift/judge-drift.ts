import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { DriftLine, DriftReview } from './drift-review.ts';

type Settings = StrategyMonitors['drift'];

/** What becomes of the review of a strategy after one more look at its positions. */
export type DriftStep =
  | { readonly what: 'nothing' }
  /** Positions differ by more than the limit, and no review covers that: a new one. `instead` of one that covers it no longer. */
  | { readonly what: 'open'; readonly instead?: DriftReview }
  /** The same review with its lines as they are now. */
  | { readonly what: 'update'; readonly review: DriftReview }
  /** It has waited for a quant for too long. */
  | { readonly what: 'escalate'; readonly review: DriftReview }
  /** What was accepted, or had to be corrected, is gone. */
  | { readonly what: 'end'; readonly review: DriftReview };

/**
 * Runbook 3.3, product decision 15, pure. A drift of exactly the limit is none. A review that waits stays until a person has decided it, however small the drift is by
 * then. What was accepted holds until a line drifts by another limit, or its target is another one; what was returned, until it is corrected.
 */
export function judgeDrift(
  review: DriftReview | undefined,
  lines: readonly DriftLine[],
  settings: Settings,
  now: Date,
): DriftStep {
  const over = lines.filter(({ drift }) => drift > settings.limit);
  switch (review?.status) {
    case 'open':
      return waits(review, over, settings, now);
    case 'returned':
      return over.length === 0 ? { what: 'end', review } : updated(review, over, settings);
    case 'accepted':
      return over.length === 0 ? { what: 'end', review } : covers(review, over, settings);
    case 'over':
    case undefined:
      return over.length > 0 ? { what: 'open' } : { what: 'nothing' };
  }
}

function waits(review: DriftReview, over: readonly DriftLine[], settings: Settings, now: Date): DriftStep {
  return over.length > 0 && isLate(review, settings, now)
    ? { what: 'escalate', review }
    : updated(review, over, settings);
}

const updated = (review: DriftReview, over: readonly DriftLine[], settings: Settings): DriftStep =>
  over.some((line) => hasGrown(line, review, settings)) ? { what: 'update', review } : { what: 'nothing' };

const covers = (review: DriftReview, over: readonly DriftLine[], settings: Settings): DriftStep =>
  over.every((line) => isCovered(line, review, settings)) ? { what: 'nothing' } : { what: 'open', instead: review };

const isLate = ({ openedAt, escalatedAt }: DriftReview, { escalateMinutes }: Settings, now: Date): boolean =>
  escalatedAt === undefined && now.getTime() - Date.parse(openedAt) >= escalateMinutes * 60_000;

const known = ({ lines }: DriftReview, { instrument }: DriftLine) =>
  lines.find((each) => each.instrument === instrument);

const isCovered = (line: DriftLine, review: DriftReview, settings: Settings): boolean =>
  line.target === (known(review, line)?.target ?? 0) && !hasGrown(line, review, settings);

/** By another limit: a drift that moves about does not ask again and again. */
const hasGrown = (line: DriftLine, review: DriftReview, { limit }: Settings): boolean =>
  line.drift > (known(review, line)?.drift ?? 0) + limit;
