import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simpleWebauthn } from '../../../adapters/webauthn/simple-webauthn.ts';
import { approveSeveral } from '../../../domain/approval/approve-several.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { RELYING_PARTY } from '../../fakes/fake-webauthn.ts';
import { aChallenge, registrationOf } from '../../fakes/new-key.ts';
import { authenticatorOf } from '../../fakes/passkeys.ts';
import { askThree, signedTogether } from '../../fakes/several-launches.ts';
import { trader, world } from '../../fakes/world.ts';
import { webauthnContract } from './webauthn.contract.ts';

const webauthn = simpleWebauthn(RELYING_PARTY, 'refused');

webauthnContract('simpleWebauthn', webauthn);

describe('simpleWebauthn, when an authenticator is enrolled', () => {
  const challenge = aChallenge;
  const registered = (changes = {}) =>
    webauthn.registered(registrationOf('new', { challenge, ...changes }), { challenge });

  it('gives its key', async () => {
    const { id, publicKey } = authenticatorOf('new');

    assert.deepEqual(await registered(), { id, publicKey, counter: 0, aaguid: '00000000-0000-0000-0000-000000000000' });
  });

  for (const [what, changes] of [
    ['over another challenge', { challenge: 'AAAA' }],
    ['on another page', { origin: 'https://elsewhere.example.com' }],
    ['for another site', { rpId: 'example.org' }],
    ['without the person being verified', { flags: 0x41 }],
    ['as if it were a signature', { type: 'webauthn.get' }],
    ['with a format of attestation that nobody knows', { format: 'any' }],
    ['with a certificate of its maker, which nobody asked for', { format: 'tpm' }],
  ] as const)
    it(`gives none that was made ${what}`, async () => assert.equal(await registered(changes), undefined));
});

describe('simpleWebauthn, when several launches are signed together', () => {
  for (const counter of [1, 0])
    it(`takes the one signature for each of them, with a counter of ${counter}`, async () => {
      const made = world();
      const command = signedTogether(made, trader, askThree(made), { counter });

      const answered = await approveSeveral(command, 'key', { ...made.ports, webauthn });

      const outcomes = answered.map(({ outcome }) =>
        outcome instanceof Refusal ? outcome.code : outcome.reply.status,
      );
      assert.deepEqual(outcomes, ['open', 'open', 'open']);
    });
});
