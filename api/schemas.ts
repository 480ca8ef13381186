import * as z from 'zod';
import { Digest } from '../domain/ids.ts';

/** The body of a signature: the decision, over exactly the digest that was shown. */
export const SignatureRequest = z.strictObject({
  decision: z.enum(['approve', 'decline']),
  digest: Digest,
  reason: z.string().max(500).optional(),
});
export type SignatureRequest = z.infer<typeof SignatureRequest>;
