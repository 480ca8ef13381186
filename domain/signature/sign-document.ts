import type { Caller } from '../approval/caller.ts';
import type { Digest } from '../ids.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import type { Webauthn } from '../ports/webauthn.ts';
import { Refusal } from '../refusal.ts';
import { type Assertion, challengeOf, type Said, saidIn } from './assertion.ts';
import type { Passkey } from './credential.ts';
import { refuseBatch, type Within } from './open-batch.ts';
import { credentialToSign, requireSaid } from './refuse-assertion.ts';
import { batchDigest } from './signing-batch.ts';
import type { WebauthnProof } from './webauthn-proof.ts';

/** What is signed: a document by its digest, which is the challenge, and by its nonce; or the documents that it was signed with (`within`), whose digest is the challenge then. */
export type Signable = { readonly digest: Digest; readonly nonce: string; readonly within?: Within | undefined };

/** A signature that is in order, and the authenticator as it has to be written with it: its counter has risen. */
export type Signed = { readonly proof: WebauthnProof; readonly passkey: Passkey };

export type SigningPorts = { readonly records: Pick<ControlRecords, 'get'>; readonly webauthn: Webauthn };

/**
 * This person signs exactly this document (product decision 14): the one way by which anything is signed for a person.
 * Whoever calls writes `passkey` in the same transaction as what the signature is for, so that no counter counts twice. Documents signed
 * together have one signature and are written one by one: the first one raises the counter, and says for the others of which documents it is.
 */
export async function signDocument(
  { caller, document, assertion }: { caller: Caller; document: Signable; assertion: Assertion | undefined },
  { records, webauthn }: SigningPorts,
): Promise<Signed | Refusal> {
  if (!assertion)
    return new Refusal('SignatureMissing', 'this needs a signature of your authenticator', 'sign the document', {
      challenge: challengeOf(document.digest),
    });
  const { digest, within } = document;
  const refusal = within && refuseBatch(within, digest);
  if (refusal) return refusal;
  const { relyingParty, demoAuthenticators } = webauthn;
  const stored = await records.get('CREDENTIAL', assertion.id);
  const passkey = credentialToSign(assertion.id, stored, caller, demoAuthenticators);
  if (passkey instanceof Refusal) return passkey;
  const { clientDataJSON, authenticatorData } = assertion.response;
  const together = within && batchDigest(within.batch);
  const read = saidIn(clientDataJSON, authenticatorData);
  const expected = {
    challenge: challengeOf(together ?? digest),
    relyingParty,
    counter: counterBefore(passkey, read, together),
  };
  const said = requireSaid(read, expected);
  if (said instanceof Refusal) return said;
  if (!(await webauthn.verifies(assertion, { ...expected, publicKey: passkey.publicKey })))
    return new Refusal('SignatureInvalid', 'the signature is not by this authenticator', 'sign again');
  const { counterOf: _earlier, ...unchanged } = passkey;
  const next: Passkey = {
    ...unchanged,
    counter: said.counter,
    ...(together && { counterOf: together }),
    version: (passkey.version ?? 1) + 1,
  };
  return { proof: proofOf(caller, document, assertion, next), passkey: next };
}

/**
 * The counter that an assertion has to exceed. The very one that set the present counter, over the same documents signed together, comes
 * once for each of them: it has to exceed the one before. Any other one, an earlier one or one over other documents, exceeds the present one.
 */
function counterBefore({ counter, counterOf }: Passkey, said: Said | undefined, together: Digest | undefined): number {
  const isTheSame = together !== undefined && counterOf === together && said?.counter === counter;
  return isTheSame && counter > 0 ? counter - 1 : counter;
}

const proofOf = (
  { subject, acr, authTime }: Caller,
  { digest, nonce, within }: Signable,
  { response }: Assertion,
  { id, authenticator, publicKey, counter }: Passkey,
): WebauthnProof => ({
  method: 'webauthn',
  subject,
  credential: id,
  authenticator,
  publicKey,
  authenticatorData: response.authenticatorData,
  clientDataJSON: response.clientDataJSON,
  signature: response.signature,
  digest,
  nonce,
  counter,
  ...(within && { batch: within.batch }),
  acr: acr ?? 'none',
  authTime: new Date(authTime ?? 0).toISOString(),
});
