import * as z from 'zod';
import { ed25519KeyIn } from '../crypto/ed25519.ts';
import { ActorId } from '../ids.ts';

/** What a key is trusted for: to approve changes, or to say what CI found. Never both. */
export const KeyUse = z.enum(['manifest', 'ci']);
export type KeyUse = z.infer<typeof KeyUse>;

/** An Ed25519 key whose signatures count, whose it is, and when (config/manifest-keys.yaml). */
export const TrustedKey = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  use: KeyUse.default('manifest'),
  /** SubjectPublicKeyInfo in base64. */
  publicKey: z
    .string()
    .max(128)
    .refine((text) => ed25519KeyIn(Buffer.from(text, 'base64')) !== undefined, 'an Ed25519 key as base64 DER SPKI'),
  /** The subject id of the person, or `service:<name>`. */
  holder: ActorId,
  from: z.iso.datetime(),
  /** From when on it signs nothing new; what was issued before goes on counting. */
  until: z.iso.datetime().optional(),
  /** From when on nothing that it ever signed counts. */
  revokedAt: z.iso.datetime().optional(),
  reason: z.string().max(500).optional(),
});
export type TrustedKey = z.infer<typeof TrustedKey>;

/** All keys of the deployed configuration, in one record: whoever reads it sees a revocation at once. */
export const TrustedKeys = z.object({ id: z.literal('trusted'), keys: z.array(TrustedKey).max(200) });
export type TrustedKeys = z.infer<typeof TrustedKeys>;

/** The list as CloudFormation hands it over: JSON text. */
export const TrustedKeyList = z.string().transform((text, context) => {
  const parsed = z.array(TrustedKey).max(200).safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});
