import * as z from 'zod';

/** What a person says who opens a drill. */
export const DrillRequest = z.strictObject({ reason: z.string().optional() });
export type DrillRequest = z.infer<typeof DrillRequest>;
