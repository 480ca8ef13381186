import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { isOverdue, type Review } from './review.ts';

/** Which reviews: all, or only those that are open. Anything else that is asked for is not looked at. */
export const ReviewQuery = z.object({ status: z.enum(['open', 'closed']).optional().catch(undefined) });
export type ReviewQuery = z.infer<typeof ReviewQuery>;

export type ListedReview = Review & { readonly overdue: boolean };

const MOST_REVIEWS = 1_000;

/** Reviews, newest first, and whether each holds up launches. */
export async function listReviews(
  { status }: ReviewQuery,
  { records, now }: { readonly records: Pick<Ports['records'], 'list'>; readonly now: () => Date },
): Promise<ListedReview[]> {
  const at = now();
  const all = await records.list('REVIEW', { limit: MOST_REVIEWS });
  return all
    .filter((review) => status === undefined || review.status === status)
    .map((review) => ({ ...review, overdue: isOverdue(review, at) }));
}
