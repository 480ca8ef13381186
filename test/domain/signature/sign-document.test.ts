import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Ceremony } from '../../../domain/crypto/software-authenticator.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { wrongWebauthn } from '../../../domain/ledger/verify/webauthn-proof.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Assertion } from '../../../domain/signature/assertion.ts';
import { challengeOf } from '../../../domain/signature/assertion.ts';
import type { Credential, Passkey } from '../../../domain/signature/credential.ts';
import { signDocument } from '../../../domain/signature/sign-document.ts';
import { assertionOf, authenticatorOf, passkeyOf } from '../../fakes/passkeys.ts';
import { risk, trader, type World, world } from '../../fakes/world.ts';

const document = { digest: digestOf({ action: 'launch' }), nonce: '0123456789abcdef' };
const ANOTHER = digestOf({ action: 'another' });

describe('signDocument', () => {
  let made: World;
  beforeEach(() => {
    made = world();
  });
  const enrol = (record: Credential) =>
    made.store.records.set(`CREDENTIAL#${record.id}`, { kind: 'CREDENTIAL', record });
  const by = (changes: Partial<Passkey>) => enrol(passkeyOf(trader.subject, changes));
  const assertion = (changes: Partial<Ceremony> = {}, digest = document.digest) =>
    assertionOf(made, trader, digest, changes);
  const sign = (given: Assertion | undefined = assertion(), caller = trader) =>
    signDocument({ caller, document, assertion: given }, made.ports);
  const codeOf = (outcome: unknown) => (outcome instanceof Refusal ? outcome.code : 'signed');

  it('gives a proof that stands by itself, and the authenticator with its counter raised', async () => {
    by({ counter: 6, version: 3 });

    const signed = await sign();

    assert.ok(!(signed instanceof Refusal), String(signed));
    assert.deepEqual([signed.passkey.counter, signed.passkey.version, signed.proof.authenticator], [7, 4, 'platform']);
    const about = { signers: [trader.subject], ...document };
    assert.equal(wrongWebauthn(JSON.parse(JSON.stringify(signed.proof)), about), undefined);
  });

  it('says how the person had logged in, as far as that is known', async () => {
    const { version: _none, ...unversioned } = passkeyOf(trader.subject);
    enrol(unversioned);

    const signed = await sign(assertion(), { ...trader, acr: undefined, authTime: undefined });

    assert.ok(!(signed instanceof Refusal), String(signed));
    assert.deepEqual(
      [signed.proof.acr, signed.proof.authTime, signed.passkey.version],
      ['none', new Date(0).toISOString(), 2],
    );
  });

  it('takes an authenticator that keeps no counter', async () => {
    by({ counter: 0 });

    assert.equal(codeOf(await sign(assertion({ counter: 0 }))), 'signed');
  });

  for (const [what, given, code] of [
    [
      'nothing at all',
      () => signDocument({ caller: trader, document, assertion: undefined }, made.ports),
      'SignatureMissing',
    ],
    ['a signature over another document', () => sign(assertion({}, ANOTHER)), 'WrongChallenge'],
    ['one given on another page', () => sign(assertion({ origin: 'https://sign.example.org' })), 'WrongOrigin'],
    ['one given for another site', () => sign(assertion({ rpId: 'example.com' })), 'WrongRelyingParty'],
    ['a person who was not verified', () => sign(assertion({ flags: 0x01 })), 'UserNotVerified'],
    ['nobody present', () => sign(assertion({ flags: 0x04 })), 'UserNotVerified'],
    ['an enrolment in place of a signature', () => sign(assertion({ type: 'webauthn.create' })), 'SignatureInvalid'],
    ['an authenticator of somebody else', () => sign(assertion(), risk), 'CredentialOfAnother'],
  ] as const)
    it(`refuses ${what}`, async () => {
      assert.equal(codeOf(await given()), code);
    });

  for (const [what, changes, code] of [
    ['one that is proposed', { status: 'proposed' }, 'CredentialNotApproved'],
    ['one that was revoked', { status: 'revoked' }, 'CredentialRevoked'],
    ['one in software', { authenticator: 'demo' }, 'DemoCredentialRefused'],
    ['one whose key is another', { publicKey: authenticatorOf('stranger').publicKey }, 'SignatureInvalid'],
  ] as const)
    it(`refuses an authenticator: ${what}`, async () => {
      by(changes);

      assert.equal(codeOf(await sign()), code);
    });

  it('takes one in software where demo authenticators are accepted', async () => {
    made.ports.webauthn.demoAuthenticators = 'accepted';
    by({ authenticator: 'demo' });

    assert.equal(codeOf(await sign()), 'signed');
  });

  it('refuses one that nobody enrolled, and the key of a device', async () => {
    const given = assertion();
    made.store.records.clear();
    assert.equal(codeOf(await sign(given)), 'UnknownCredential');

    const standing = {
      status: 'active' as const,
      enrolledBy: trader.subject,
      enrolledAt: '2026-11-01T09:00:00.000Z',
      label: 'x',
    };
    const device: Credential = { type: 'device-key', id: 'device:button', roles: [], publicKey: 'x', ...standing };
    made.store.records.set(`CREDENTIAL#${given.id}`, { kind: 'CREDENTIAL', record: device });
    assert.equal(codeOf(await sign(given)), 'DeviceKeyRefused');
  });

  for (const [last, next] of [
    [5, 5],
    [5, 4],
    [5, 0],
  ] as const)
    it(`refuses a counter of ${next} after ${last}: a copy of the key would show so`, async () => {
      by({ counter: last });

      const refusal = await sign(assertion({ counter: next }));

      assert.equal(codeOf(refusal), 'CounterRegressed');
      assert.deepEqual((refusal as Refusal).facts, { expected: `> ${last}`, actual: next });
    });

  it('refuses bytes that are no client data, or no authenticator data', async () => {
    const { response, ...rest } = assertion();
    const odd = (changes: Partial<Assertion['response']>) => sign({ ...rest, response: { ...response, ...changes } });
    const text = (value: string) => Buffer.from(value).toString('base64url');

    for (const clientDataJSON of [text('no JSON'), text('[]'), text('{"type":1}'), text('{"type":"webauthn.get"}')])
      assert.equal(codeOf(await odd({ clientDataJSON })), 'SignatureInvalid');
    assert.equal(codeOf(await odd({ authenticatorData: text('short') })), 'SignatureInvalid');
    const embedded = { type: 'webauthn.get', challenge: challengeOf(document.digest), origin: 'x', crossOrigin: true };
    assert.equal(codeOf(await odd({ clientDataJSON: text(JSON.stringify(embedded)) })), 'SignatureInvalid');
  });

  it('refuses every assertion of which one bit was changed', async () => {
    by({});
    const { response, ...rest } = assertion();
    const members = ['clientDataJSON', 'authenticatorData', 'signature'] as const;

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...members), fc.nat(), fc.integer({ min: 0, max: 7 }), async (name, at, bit) => {
        const bytes = Buffer.from(response[name], 'base64url');
        const place = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place);
        const changed = { ...rest, response: { ...response, [name]: bytes.toString('base64url') } };

        assert.notEqual(codeOf(await sign(changed)), 'signed');
      }),
      { seed: 20261124, numRuns: 500 },
    );
  });
});
