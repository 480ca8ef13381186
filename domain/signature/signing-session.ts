import * as z from 'zod';
import { Caller } from '../approval/caller.ts';
import { ApprovalId } from '../ids.ts';
import { Base64Url } from './assertion.ts';

/**
 * What a browser page may do in place of a login, once and for five minutes: sign one document, or enrol one authenticator, for the
 * person who opened it. Of its secret only the hash is kept; the secret stands behind the # of the page's address, which no server sees.
 */
export const SigningSession = z.object({
  id: z.string().regex(/^[0-9A-Za-z_-]{8,64}$/),
  kind: z.enum(['sign', 'enrol']),
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Who opened it, with the facts of their login. */
  caller: Caller,
  approval: ApprovalId.optional(),
  /** Of an enrolment: 32 random bytes. */
  challenge: Base64Url.optional(),
  status: z.enum(['open', 'used']),
  openedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  version: z.int().min(1),
});
export type SigningSession = z.infer<typeof SigningSession>;

export const SESSION_MS = 300_000;
