import * as z from 'zod';

const WEEK_MINUTES = 10_080;

/** Safety is never refused for form (product decision 2): a rate that cannot be read means the usual one, a time none, a reason `not given`. */
export const RestrictionRequest = z
  .object({
    /** Orders per second; 0 means none at all. */
    ordersPerSec: z.number().min(0).optional().catch(undefined),
    reason: z.string().optional().catch(undefined),
    /** When people are asked whether it may be lifted; it never lifts itself. */
    forMinutes: z.number().positive().max(WEEK_MINUTES).optional().catch(undefined),
  })
  .catch({});
export type RestrictionRequest = z.infer<typeof RestrictionRequest>;
