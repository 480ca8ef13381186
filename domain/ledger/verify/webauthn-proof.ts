import { coseVerifier } from '../../crypto/cose-key.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { challengeOf, type Said, saidIn } from '../../signature/assertion.ts';
import { batchDigest, batchNonce, holdsItem, type SigningBatch } from '../../signature/signing-batch.ts';
import { WebauthnProof } from '../../signature/webauthn-proof.ts';

/** What a signature has to be about: who is said to have signed, and the document by digest and nonce; among documents signed together also by its approval. */
export type SignedThing = {
  readonly signers: readonly string[];
  readonly digest: unknown;
  readonly nonce: unknown;
  readonly approval?: unknown;
};

/**
 * What is wrong with a person's signature, if anything: checked from the proof and what it is about, with nothing but node:crypto.
 * Whose the key is, which authenticator holds it, and what the login was cannot be seen from it (docs/ledger-format.md section 7).
 */
export function wrongWebauthn(proof: unknown, { signers, digest, nonce, approval }: SignedThing): string | undefined {
  const { data: given } = WebauthnProof.strict().safeParse(proof);
  if (!given) return 'is not of the form of a signature by webauthn';
  if (!signers.includes(given.subject)) return 'is by somebody else than who is said to have signed';
  if (given.digest !== digest || given.nonce !== nonce) return 'is about another document than the one in the payload';
  const together = given.batch && wrongBatch(given.batch, approval, digest);
  if (together !== undefined) return together;
  const said = saidIn(given.clientDataJSON, given.authenticatorData);
  if (!said) return 'holds no client data or no authenticator data';
  return wrongSaid(said, given) ?? wrongSignature(given);
}

/** Documents that were signed together: with the nonce that they make, and with this one among them as that of its approval. */
function wrongBatch(batch: SigningBatch, approval: unknown, digest: unknown): string | undefined {
  if (batch.nonce !== batchNonce(batch)) return 'was given over several documents with a nonce that is not theirs';
  return holdsItem(batch, approval, digest) ? undefined : 'was given over several documents, and none is this one';
}

function wrongSaid(said: Said, { digest, counter, batch }: WebauthnProof): string | undefined {
  if (said.type !== 'webauthn.get' || said.crossOrigin) return 'is no assertion of an authenticator';
  if (said.challenge !== challengeOf(batch ? batchDigest(batch) : digest)) return 'was given over another document';
  if (!said.userPresent || !said.userVerified) return 'was given without the person being verified';
  if (said.counter !== counter) return 'says another counter than the authenticator';
  if (!sitesOf(said.origin).some((site) => sha256(site).toString('hex') === said.rpIdHash))
    return 'was given for another site than the page it was given on';
  return undefined;
}

function wrongSignature({
  publicKey,
  authenticatorData,
  clientDataJSON,
  signature,
}: WebauthnProof): string | undefined {
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const verifies = coseVerifier(bytes(publicKey));
  if (!verifies) return 'names no key that can be judged (ES256, EdDSA, RS256)';
  const message = Buffer.concat([bytes(authenticatorData), sha256(bytes(clientDataJSON))]);
  return verifies(message, bytes(signature)) ? undefined : 'is not by the key that it names';
}

/** The sites that a page may speak for: its host and the domains above it (W3C WebAuthn section 5.1.3, step 8). */
function sitesOf(origin: string): string[] {
  const host = /^https?:\/\/([a-z0-9.-]+)(?::\d+)?$/.exec(origin)?.[1] ?? '';
  const labels = host.split('.');
  return labels.map((_, above) => labels.slice(above).join('.'));
}
