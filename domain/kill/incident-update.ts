import * as z from 'zod';

/** When people may expect to trade again, in any time zone. */
export const IncidentUpdate = z.strictObject({ eta: z.iso.datetime({ offset: true }) });
export type IncidentUpdate = z.infer<typeof IncidentUpdate>;
