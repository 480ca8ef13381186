import * as z from 'zod';

/** Why an incident of a venue is closed before its machine does. */
export const ClosureRequest = z.strictObject({ note: z.string().trim().min(1).max(500) });
export type ClosureRequest = z.infer<typeof ClosureRequest>;
