import * as z from 'zod';

/**
 * The public keys of the identity provider as the health tick last read them (RFC 7517): what a kill is checked with when the
 * provider does not answer, so that a sandbox that has just been started needs it no more than one that remembers.
 */
export const IssuerKeys = z.object({
  id: z.literal('issuer'),
  keys: z
    .array(z.looseObject({ kty: z.string(), kid: z.string() }))
    .min(1)
    .max(32),
  at: z.iso.datetime(),
});
export type IssuerKeys = z.infer<typeof IssuerKeys>;
