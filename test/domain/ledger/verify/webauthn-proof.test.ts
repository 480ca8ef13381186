import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../../../domain/ledger/digest.ts';
import { PeopleNotes } from '../../../../domain/ledger/verify/people-notes.ts';
import { wrongProofs } from '../../../../domain/ledger/verify/proof-methods.ts';
import type { ShownEntry } from '../../../../domain/ledger/verify/shown-entry.ts';
import { Refusal } from '../../../../domain/refusal.ts';
import { signDocument } from '../../../../domain/signature/sign-document.ts';
import type { WebauthnProof } from '../../../../domain/signature/webauthn-proof.ts';
import { assertionOf } from '../../../fakes/passkeys.ts';
import { risk, START, STRATEGY, trader, world } from '../../../fakes/world.ts';

const document = { digest: digestOf({ action: 'launch' }), nonce: '0123456789abcdef' };

async function proofBy(caller = trader, changes = {}): Promise<WebauthnProof> {
  const made = world();
  const assertion = assertionOf(made, caller, document.digest, changes);
  const signed = await signDocument({ caller, document, assertion }, made.ports);
  if (signed instanceof Refusal) throw signed;
  return signed.proof;
}
const entryOf = (proof: object, more: Partial<ShownEntry> = {}): ShownEntry => ({
  actor: trader.subject,
  at: START.toISOString(),
  log: STRATEGY,
  payload: document,
  proofs: [proof as never],
  seq: 0,
  type: 'approval.signed',
  ...more,
});
const wrongIn = (entry: ShownEntry) => wrongProofs(entry).map(({ what }) => what);
const again = (text: string, change: (said: Record<string, unknown>) => object) =>
  Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(text, 'base64url').toString())))).toString('base64url');

describe('the offline verifier, of signatures by people', () => {
  it('finds nothing wrong with one that was taken', async () => {
    assert.deepEqual(wrongIn(entryOf(await proofBy())), []);
  });

  it('knows the site of a page by its host and by the domains above it', async () => {
    const proof = await proofBy();
    const elsewhere = again(proof.clientDataJSON, (said) => ({ ...said, origin: 'https://sign.example.org' }));

    assert.match(wrongIn(entryOf({ ...proof, clientDataJSON: elsewhere }))[0] ?? '', /for another site than the page/);
    for (const origin of ['ftp://sign.example.com', 'https://sign.example.com/page', 'nowhere'])
      assert.match(
        wrongIn(
          entryOf({ ...proof, clientDataJSON: again(proof.clientDataJSON, (said) => ({ ...said, origin })) }),
        )[0] ?? '',
        /for another site/,
      );
  });

  for (const [what, change, why] of [
    ['by somebody else', { subject: risk.subject }, /somebody else/],
    ['over another digest', { digest: digestOf('another') }, /another document/],
    ['with another nonce', { nonce: 'another' }, /another document/],
    ['with another counter', { counter: 9 }, /another counter/],
    ['with a member more', { name: 'Ann' }, /not of the form/],
    ['by a key that cannot be judged', { publicKey: 'A'.repeat(64) }, /no key that can be judged/],
    ['without client data', { clientDataJSON: 'AAAA' }, /no client data/],
  ] as const)
    it(`finds one ${what}`, async () => {
      assert.match(wrongIn(entryOf({ ...(await proofBy()), ...change }))[0] ?? '', why);
    });

  for (const [what, change, why] of [
    ['that was made for enrolling', { type: 'webauthn.create' }, /no assertion/],
    ['that was made in a page around the page', { crossOrigin: true }, /no assertion/],
    ['over another challenge', { challenge: 'AAAA' }, /over another document/],
  ] as const)
    it(`finds one ${what}`, async () => {
      const proof = await proofBy();
      const clientDataJSON = again(proof.clientDataJSON, (said) => ({ ...said, ...change }));

      assert.match(wrongIn(entryOf({ ...proof, clientDataJSON }))[0] ?? '', why);
    });

  it('finds one of a person who was not verified', async () => {
    const proof = await proofBy();
    const data = Buffer.from(proof.authenticatorData, 'base64url');
    data.writeUInt8(0x01, 32);

    assert.match(
      wrongIn(entryOf({ ...proof, authenticatorData: data.toString('base64url') }))[0] ?? '',
      /without the person being verified/,
    );
  });

  it('takes the signatures of those whom an entry names, and of nobody else', async () => {
    const proofs = [await proofBy(trader), await proofBy(risk)];
    const named = [trader, risk].map(({ subject }) => ({ actor: subject }));
    const confirmed = (signatures: unknown) =>
      wrongIn(entryOf({}, { actor: 'service:kill', proofs, payload: { ...document, signatures } }));

    assert.deepEqual(confirmed(named), []);
    assert.equal(confirmed(named.slice(1)).length, 1);
    for (const odd of [undefined, 'all', [null, 1, {}]]) assert.equal(confirmed(odd).length, 2);
  });

  it('finds every byte of a signature that was changed', async () => {
    const proof = await proofBy();
    const signedMembers = ['authenticatorData', 'clientDataJSON', 'signature', 'publicKey'] as const;

    fc.assert(
      fc.property(fc.constantFrom(...signedMembers), fc.nat(), fc.integer({ min: 1, max: 255 }), (name, at, mask) => {
        const bytes = Buffer.from(proof[name], 'base64url');
        const place = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place);

        assert.equal(wrongIn(entryOf({ ...proof, [name]: bytes.toString('base64url') })).length, 1);
      }),
      { seed: 20261124, numRuns: 1000 },
    );
  });

  it('finds every character that was changed, also where it decodes to the same bytes', async () => {
    const proof = await proofBy();
    const judged = ['authenticatorData', 'clientDataJSON', 'signature', 'digest', 'nonce', 'subject'] as const;

    fc.assert(
      fc.property(fc.constantFrom(...judged), fc.nat(), fc.constantFrom(...'ABCDwxyz0189-_'), (name, at, letter) => {
        const text = proof[name];
        const place = at % text.length;
        const changed = `${text.slice(0, place)}${letter}${text.slice(place + 1)}`;

        assert.equal(wrongIn(entryOf({ ...proof, [name]: changed })).length, changed === text ? 0 : 1);
      }),
      { seed: 20261124, numRuns: 1000 },
    );
  });
});

describe('PeopleNotes', () => {
  it('counts kinds of authenticators, and names whose signatures prove nothing', () => {
    const notes = new PeopleNotes();
    assert.deepEqual(notes.all(), []);

    notes.proof({ method: 'oidc-totp', subject: 'sub-a' });
    for (const [authenticator, subject] of [
      ['platform', 'sub-a'],
      ['demo', 'sub-b'],
      ['demo', 'sub-b'],
    ])
      notes.proof({ method: 'webauthn', authenticator, subject });

    assert.deepEqual(notes.all(), [
      'signatures by kind of authenticator: platform (1), demo (2)',
      'signed by demo authenticators: sub-b (2). These prove nothing about a person',
    ]);
  });

  it('keeps a bounded number of names', () => {
    const notes = new PeopleNotes();
    for (let number = 0; number < 100; number += 1)
      notes.proof({ method: 'webauthn', authenticator: 'demo', subject: `sub-${number}` });

    assert.equal(notes.all()[1]?.match(/sub-/g)?.length, 16);
  });
});
