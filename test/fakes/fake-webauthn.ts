import { coseVerifier } from '../../domain/crypto/cose-key.ts';
import { sha256 } from '../../domain/crypto/sha256.ts';
import type { DemoAuthenticators, NewKey, RelyingParty, Webauthn } from '../../domain/ports/webauthn.ts';
import type { Assertion } from '../../domain/signature/assertion.ts';
import { saidIn } from '../../domain/signature/assertion.ts';
import type { Registration } from '../../domain/signature/registration-response.ts';

export const RELYING_PARTY: RelyingParty = { rpId: 'sign.example.com', origin: 'https://sign.example.com' };

/** WebAuthn with node:crypto alone: test/adapters/webauthn holds it and SimpleWebAuthn to one contract. Keys are registered from a list. */
export class FakeWebauthn implements Webauthn {
  readonly relyingParty = RELYING_PARTY;
  demoAuthenticators: DemoAuthenticators = 'refused';
  /** What a registration response makes, by the id of its credential. */
  readonly keys = new Map<string, NewKey>();

  async verifies(
    { id, rawId, response }: Assertion,
    { challenge, publicKey, counter }: { challenge: string; publicKey: string; counter: number },
  ): Promise<boolean> {
    const said = saidIn(response.clientDataJSON, response.authenticatorData);
    const { rpId, origin } = this.relyingParty;
    const bytes = (text: string) => Buffer.from(text, 'base64url');
    const message = Buffer.concat([bytes(response.authenticatorData), sha256(bytes(response.clientDataJSON))]);
    return (
      id === rawId &&
      said?.type === 'webauthn.get' &&
      said.challenge === challenge &&
      said.origin === origin &&
      said.rpIdHash === sha256(rpId).toString('hex') &&
      said.userPresent &&
      said.userVerified &&
      (said.counter > counter || (said.counter === 0 && counter === 0)) &&
      coseVerifier(bytes(publicKey))?.(message, bytes(response.signature)) === true
    );
  }

  async registered({ id, response }: Registration, { challenge }: { challenge: string }): Promise<NewKey | undefined> {
    const client = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString()) as { challenge: string };
    return client.challenge === challenge ? this.keys.get(id) : undefined;
  }
}
