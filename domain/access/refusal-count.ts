import * as z from 'zod';
import { ActorId } from '../ids.ts';

/** What one caller was refused by one code within one minute: how often, when first and last, and what was tried first. */
export const RefusalCount = z.object({
  /** The minute, by its beginning. */
  minute: z.iso.datetime(),
  actor: ActorId,
  code: z.string().min(1),
  count: z.int().min(1),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  method: z.string(),
  path: z.string(),
  roles: z.array(z.string()),
});
export type RefusalCount = z.infer<typeof RefusalCount>;

/** One refused attempt, to be counted. */
export type RefusedAttempt = Pick<RefusalCount, 'actor' | 'code' | 'method' | 'path' | 'roles'> & { readonly at: Date };

/** The minute in which an attempt is counted. */
export const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16)}:00.000Z`;
