import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import type { DriftPorts } from './drift-ports.ts';
import type { DriftReview } from './drift-review.ts';

/** Which reviews: of one strategy, or in one state. */
export const DriftQuery = z.strictObject({
  strategy: StrategyId.optional(),
  status: z.enum(['open', 'accepted', 'returned']).optional(),
});
export type DriftQuery = z.infer<typeof DriftQuery>;

const MOST_REVIEWS = 1_000;

/** Drift reviews that stand, newest first: open, accepted, returned. Those that are over stand in the ledger of their strategy. */
export async function listDriftReviews(
  { strategy, status }: DriftQuery,
  { records }: Pick<DriftPorts, 'records'>,
): Promise<DriftReview[]> {
  const all = await records.list('DRIFT', { limit: MOST_REVIEWS });
  return all.filter(
    (review) =>
      review.status !== 'over' &&
      (strategy === undefined || review.strategyId === strategy) &&
      (status === undefined || review.status === status),
  );
}
