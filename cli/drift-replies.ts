import * as z from 'zod';
import { time } from './replies.ts';

/** Replies about drift reviews, as far as the commands read them. */
export const DriftReview = z.looseObject({
  id: z.string(),
  strategyId: z.string(),
  runId: z.string().optional(),
  status: z.enum(['open', 'accepted', 'returned', 'over']),
  openedAt: time,
  at: time,
  lines: z.array(
    z.looseObject({
      instrument: z.string(),
      live: z.number(),
      target: z.number(),
      mark: z.number(),
      drift: z.number(),
    }),
  ),
  escalatedAt: time.optional(),
  decidedBy: z.string().optional(),
  decidedAt: time.optional(),
  note: z.string().optional(),
});
export type DriftReview = z.infer<typeof DriftReview>;
export const DriftReviews = z.looseObject({ reviews: z.array(DriftReview) });
export const DriftDecided = z.looseObject({ review: DriftReview, summary: z.string() });
