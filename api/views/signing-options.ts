import { COSE_ALGORITHMS } from '../../domain/crypto/cose-key.ts';
import { sha256 } from '../../domain/crypto/sha256.ts';
import type { Digest } from '../../domain/ids.ts';
import type { RelyingParty } from '../../domain/ports/webauthn.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import type { Passkey } from '../../domain/signature/credential.ts';

const TIMEOUT_MS = 300_000;

/** What a browser is given to sign a document: `PublicKeyCredentialRequestOptionsJSON` (W3C WebAuthn section 5.1.9). */
export const signingOptions = (digest: Digest, { rpId }: RelyingParty, own: readonly Passkey[]) => ({
  challenge: challengeOf(digest),
  rpId,
  allowCredentials: own
    .filter(({ status }) => status === 'active')
    .map(({ id }) => ({ id, type: 'public-key' as const })),
  userVerification: 'required' as const,
  timeout: TIMEOUT_MS,
});

/** What a browser is given to make a key: `PublicKeyCredentialCreationOptionsJSON` (W3C WebAuthn section 5.1.8). No attestation: which model it is proves nothing about the person. */
export const enrolmentOptions = (
  challenge: string,
  subject: string,
  { rpId }: RelyingParty,
  own: readonly Passkey[],
) => ({
  challenge,
  rp: { id: rpId, name: 'TradePulse Control Plane' },
  user: { id: sha256(subject).toString('base64url'), name: subject, displayName: subject },
  pubKeyCredParams: COSE_ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
  excludeCredentials: own.map(({ id }) => ({ id, type: 'public-key' as const })),
  authenticatorSelection: { userVerification: 'required' as const, residentKey: 'preferred' as const },
  attestation: 'none' as const,
  timeout: TIMEOUT_MS,
});
