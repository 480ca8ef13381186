import * as z from 'zod';
import { ActorId, Digest } from '../ids.ts';
import { Base64Url } from './assertion.ts';
import { AuthenticatorKind, CoseKey, CredentialId } from './authenticator.ts';
import { SigningBatch } from './signing-batch.ts';

/** A person's signature over one document, whole, so that anybody can check it again: in an approval, and in the ledger entry of it. */
export const WebauthnProof = z.object({
  method: z.literal('webauthn'),
  subject: ActorId,
  credential: CredentialId,
  authenticator: AuthenticatorKind,
  publicKey: CoseKey,
  authenticatorData: Base64Url,
  clientDataJSON: Base64Url,
  signature: Base64Url,
  /** Digest of the document, whose bytes are the challenge where nothing was signed with it. */
  digest: Digest,
  /** The nonce of that document. */
  nonce: z.string(),
  counter: z.int().min(0),
  /** The documents that were signed together, this one among them: then the challenge is the digest of that. */
  batch: SigningBatch.optional(),
  /** Authentication context of the login that brought the signature, and when that login happened. */
  acr: z.string(),
  authTime: z.iso.datetime(),
});
export type WebauthnProof = z.infer<typeof WebauthnProof>;
