import * as z from 'zod';
import { Digest } from '../ids.ts';

/** What somebody who launches was shown before: the digest of the plan and, so that they can be told what has changed, the plan itself. */
export const ExpectedPlan = z.object({
  expectedPlan: Digest.optional(),
  shownPlan: z.record(z.string(), z.unknown()).optional(),
});
export type ExpectedPlan = z.infer<typeof ExpectedPlan>;
