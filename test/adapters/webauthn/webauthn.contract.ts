import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Ceremony, softwareAssertion } from '../../../domain/crypto/software-authenticator.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import type { Webauthn } from '../../../domain/ports/webauthn.ts';
import { type Assertion, challengeOf } from '../../../domain/signature/assertion.ts';
import { authenticatorOf } from '../../fakes/passkeys.ts';

const challenge = challengeOf(digestOf('a document'));

/** What whoever does the cryptography must do. The fake and SimpleWebAuthn both run it. */
export function webauthnContract(name: string, webauthn: Webauthn): void {
  const key = authenticatorOf('a person');
  const given = (changes: Partial<Ceremony> = {}): Assertion =>
    softwareAssertion(key, { type: 'webauthn.get', challenge, ...webauthn.relyingParty, counter: 8, ...changes });
  const verifies = (assertion: Assertion, changes = {}) =>
    webauthn.verifies(assertion, { challenge, publicKey: key.publicKey, counter: 7, ...changes });
  const changed = (changes: Partial<Assertion['response']>): Assertion => {
    const { response, ...rest } = given();
    return { ...rest, response: { ...response, ...changes } };
  };

  describe(`${name} keeps the Webauthn contract`, () => {
    it('takes what the authenticator made', async () => assert.equal(await verifies(given()), true));

    it('takes one that keeps no counter', async () => {
      assert.equal(await verifies(given({ counter: 0 }), { counter: 0 }), true);
    });

    for (const [what, answer] of [
      ['over another challenge', () => verifies(given({ challenge: 'AAAA' }))],
      ['of another page', () => verifies(given({ origin: 'https://elsewhere.example.com' }))],
      ['of another site', () => verifies(given({ rpId: 'example.org' }))],
      ['of a person who was not verified', () => verifies(given({ flags: 0x01 }))],
      ['of nobody present', () => verifies(given({ flags: 0x04 }))],
      ['for enrolling', () => verifies(given({ type: 'webauthn.create' }))],
      ['with a counter that did not rise', () => verifies(given({ counter: 7 }))],
      ['by another key', () => verifies(given(), { publicKey: authenticatorOf('another').publicKey })],
      ['by what is no key', () => verifies(given(), { publicKey: 'AAAA' })],
      ['with another id', () => verifies({ ...given(), rawId: 'AAAA' })],
      ['with a broken signature', () => verifies(changed({ signature: 'AAAA' }))],
      ['with broken authenticator data', () => verifies(changed({ authenticatorData: 'AAAA' }))],
      ['with broken client data', () => verifies(changed({ clientDataJSON: 'AAAA' }))],
    ] as const)
      it(`says no to one ${what}`, async () => assert.equal(await answer(), false));
  });
}
