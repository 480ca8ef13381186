import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { DemoAuthenticators, RelyingParty, Webauthn } from '../../domain/ports/webauthn.ts';

/** SimpleWebAuthn for one relying party. What it throws is about what a caller sent: an answer of no. The domain has said before which no it is. */
export function simpleWebauthn(relyingParty: RelyingParty, demoAuthenticators: DemoAuthenticators): Webauthn {
  const expectedHere = {
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.rpId,
    requireUserVerification: true,
  };
  return {
    relyingParty,
    demoAuthenticators,
    async verifies({ id, rawId, type, response }, { challenge, publicKey, counter }) {
      const { clientDataJSON, authenticatorData, signature } = response;
      const checked = verifyAuthenticationResponse({
        ...expectedHere,
        response: {
          ...{ id, rawId, type, clientExtensionResults: {} },
          response: { clientDataJSON, authenticatorData, signature },
        },
        expectedChallenge: challenge,
        credential: { id, publicKey: Buffer.from(publicKey, 'base64url'), counter },
      });
      return checked.then(
        ({ verified }) => verified,
        () => false,
      );
    },
    async registered({ id, rawId, type, response }, { challenge }) {
      const { clientDataJSON, attestationObject } = response;
      const checked = await verifyRegistrationResponse({
        ...expectedHere,
        response: {
          ...{ id, rawId, type, clientExtensionResults: {} },
          response: { clientDataJSON, attestationObject },
        },
        expectedChallenge: challenge,
      }).catch(() => undefined);
      if (!checked?.verified) return undefined;
      const { credential, aaguid } = checked.registrationInfo;
      const publicKey = Buffer.from(credential.publicKey).toString('base64url');
      return { id: credential.id, publicKey, counter: credential.counter, aaguid };
    },
  };
}
