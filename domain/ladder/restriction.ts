import * as z from 'zod';
import { ActorId, ApprovalId } from '../ids.ts';

/** Why a strategy is held back: an alert by its id, or a command of a person. `until`: when people are asked whether it may be lifted; it never lifts itself. */
export const RestrictionCause = z.object({
  id: z.string().min(1).max(400), // a person's command: subject, key and digest, 329 at most
  reason: z.string(),
  by: ActorId,
  at: z.iso.datetime(),
  until: z.iso.datetime().optional(),
});
export type RestrictionCause = z.infer<typeof RestrictionCause>;

/** What holds a strategy back on the mode ladder, and what a lift by two people restores. Rates in orders per second. */
export const Restriction = z.object({
  mode: z.enum(['THROTTLED', 'REDUCE_ONLY']),
  approvedOrdersPerSec: z.number().min(0),
  maxOrdersPerSec: z.number().min(0),
  causes: z.array(RestrictionCause).min(1).max(50),
  /** When every engine instance was seen to obey it as it is now. */
  inForceAt: z.iso.datetime().optional(),
  /** The question whether it may be lifted, once somebody has asked that. */
  question: ApprovalId.optional(),
});
export type Restriction = z.infer<typeof Restriction>;
