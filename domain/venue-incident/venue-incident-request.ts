import * as z from 'zod';

const NO_CONTROLS = /^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u;

/** Safety is never refused for form (product decision 2): a ticket or a rate that is none is left out. A strategy that is named has to be one, though: without a name it is every one that trades there. */
export const VenueIncidentRequest = z
  .object({
    strategy: z.unknown().optional(),
    ticket: z.string().trim().min(1).max(100).regex(NO_CONTROLS).optional().catch(undefined),
    reason: z.unknown().optional(),
    ordersPerSec: z.number().min(0).optional().catch(undefined),
  })
  .catch({ strategy: undefined, reason: undefined });
export type VenueIncidentRequest = z.infer<typeof VenueIncidentRequest>;
