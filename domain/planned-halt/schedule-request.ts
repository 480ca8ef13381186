import * as z from 'zod';
import { HaltTime } from './when-to-halt.ts';

/** The body of a stop that is to begin later. Unlike that of a plain stop it is refused where it is malformed: it is no safety command yet. */
export const ScheduleRequest = HaltTime.extend({
  reason: z.string().optional().catch(undefined),
  ticket: z.string().min(1).max(64).optional(),
});
export type ScheduleRequest = z.infer<typeof ScheduleRequest>;
