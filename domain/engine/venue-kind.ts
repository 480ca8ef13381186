import * as z from 'zod';

/** What stands behind a venue: a market, an account for practice, or a simulation. Whatever does not say what it is is live. */
export const VenueKind = z.enum(['live', 'paper', 'simulated']);
export type VenueKind = z.infer<typeof VenueKind>;
