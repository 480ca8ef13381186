import * as z from 'zod';
import { Position } from './position.ts';

/** What a venue keeps of a strategy's account there. `cash` is in the currency of the strategy's limits; a venue that does not tell it leaves it out. */
export const VenueAccount = z.object({ positions: z.array(Position).max(1000), cash: z.number().optional() });
export type VenueAccount = z.infer<typeof VenueAccount>;
