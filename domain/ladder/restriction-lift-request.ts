import * as z from 'zod';

/** Why what holds a strategy back may be lifted, for those who sign and for the ledger. */
export const RestrictionLiftRequest = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export type RestrictionLiftRequest = z.infer<typeof RestrictionLiftRequest>;
