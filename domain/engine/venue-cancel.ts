import * as z from 'zod';

/** What a venue did with "cancel everything of this strategy": asked, not yet done. Only its list of open orders proves that nothing rests. */
export const VenueCancel = z.object({
  cancelRequested: z.int().min(0),
  refused: z.array(z.object({ orderId: z.string().min(1), reason: z.string() })),
});
export type VenueCancel = z.infer<typeof VenueCancel>;
