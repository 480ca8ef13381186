import * as z from 'zod';
import { StrategyId } from '../ids.ts';

/** Which incidents are asked for. With `id` one of them, with the file in which its run logs incidents and tickets. */
export const VenueIncidentQuery = z.strictObject({
  id: z.string().max(100).optional(),
  strategy: StrategyId.optional(),
  venue: z.string().max(40).optional(),
  state: z.enum(['open', 'all']).default('all'),
});
export type VenueIncidentQuery = z.infer<typeof VenueIncidentQuery>;
