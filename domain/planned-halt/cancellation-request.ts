import * as z from 'zod';

/** Why a planned halt is taken back. It is never refused for its form. */
export const CancellationRequest = z.object({ reason: z.string().optional().catch(undefined) });
export type CancellationRequest = z.infer<typeof CancellationRequest>;
