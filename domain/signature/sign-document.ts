import type { Caller } from '../approval/caller.ts';
import type { Digest } from '../ids.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import type { Webauthn } from '../ports/webauthn.ts';
import { Refusal } from '../refusal.ts';
import { type Assertion, challengeOf, saidIn } from './assertion.ts';
import type { Passkey } from './credential.ts';
import { credentialToSign, requireSaid } from './refuse-assertion.ts';
import type { WebauthnProof } from './webauthn-proof.ts';

/** What is signed: a document by its digest, which is the challenge, and by its nonce. */
export type Signable = { readonly digest: Digest; readonly nonce: string };

/** A signature that is in order, and the authenticator as it has to be written with it: its counter has risen. */
export type Signed = { readonly proof: WebauthnProof; readonly passkey: Passkey };

export type SigningPorts = { readonly records: Pick<ControlRecords, 'get'>; readonly webauthn: Webauthn };

/**
 * This person signs exactly this document (product decision 14): the one way by which anything is signed for a person.
 * Whoever calls writes `passkey` in the same transaction as what the signature is for, so that no counter counts twice.
 */
export async function signDocument(
  { caller, document, assertion }: { caller: Caller; document: Signable; assertion: Assertion | undefined },
  { records, webauthn }: SigningPorts,
): Promise<Signed | Refusal> {
  if (!assertion)
    return new Refusal('SignatureMissing', 'this needs a signature of your authenticator', 'sign the document', {
      challenge: challengeOf(document.digest),
    });
  const { relyingParty, demoAuthenticators } = webauthn;
  const stored = await records.get('CREDENTIAL', assertion.id);
  const passkey = credentialToSign(assertion.id, stored, caller, demoAuthenticators);
  if (passkey instanceof Refusal) return passkey;
  const { clientDataJSON, authenticatorData } = assertion.response;
  const expected = { challenge: challengeOf(document.digest), relyingParty, counter: passkey.counter };
  const said = requireSaid(saidIn(clientDataJSON, authenticatorData), expected);
  if (said instanceof Refusal) return said;
  if (!(await webauthn.verifies(assertion, { ...expected, publicKey: passkey.publicKey })))
    return new Refusal('SignatureInvalid', 'the signature is not by this authenticator', 'sign again');
  const next = { ...passkey, counter: said.counter, version: (passkey.version ?? 1) + 1 };
  return { proof: proofOf(caller, document, assertion, next), passkey: next };
}

const proofOf = (
  { subject, acr, authTime }: Caller,
  { digest, nonce }: Signable,
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
  acr: acr ?? 'none',
  authTime: new Date(authTime ?? 0).toISOString(),
});
