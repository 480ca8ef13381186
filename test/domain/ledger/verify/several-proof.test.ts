import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { approveSeveral } from '../../../../domain/approval/approve-several.ts';
import { digestOf } from '../../../../domain/ledger/digest.ts';
import { wrongProofs } from '../../../../domain/ledger/verify/proof-methods.ts';
import { type ShownEntry, shownEntryIn } from '../../../../domain/ledger/verify/shown-entry.ts';
import { batchNonce, type SigningBatch } from '../../../../domain/signature/signing-batch.ts';
import { WebauthnProof } from '../../../../domain/signature/webauthn-proof.ts';
import { askThree, signedTogether, THREE } from '../../../fakes/several-launches.ts';
import { trader, world } from '../../../fakes/world.ts';

/** The entries of three launches that one person signed together, as a bundle shows them. */
const entries = await (async (): Promise<ShownEntry[]> => {
  const made = world();
  await approveSeveral(signedTogether(made, trader, askThree(made)), 'key', made.ports);
  return THREE.map((id) => {
    const entry = shownEntryIn(made.store.logs.get(id)?.[0]?.text ?? '');
    return 'what' in entry ? assert.fail(entry.what) : entry;
  });
})();
const [first = assert.fail(), second = assert.fail()] = entries;
const proof = WebauthnProof.parse(first.proofs[0]);
const batch = proof.batch ?? assert.fail('no batch');
const [one = assert.fail(), two = assert.fail(), three = assert.fail()] = batch.items;

const wrongIn = (entry: ShownEntry) => wrongProofs(entry).map(({ what }) => what);
const withProof = (changes: object): string[] => wrongIn({ ...first, proofs: [{ ...proof, ...changes }] });
const withBatch = (changes: Partial<SigningBatch>) => withProof({ batch: { ...batch, ...changes } });
/** As somebody would who knows how the nonce is made, and has not the key. */
const withItems = (items: SigningBatch['items']) => withBatch({ items, nonce: batchNonce({ ...batch, items }) });
const OTHER = digestOf('another');

describe('the offline verifier, of one signature over several documents', () => {
  it('finds nothing wrong with any of the entries it stands in', () => {
    assert.deepEqual(entries.map(wrongIn), [[], [], []]);
    assert.equal(new Set(entries.map(({ proofs }) => proofs[0]?.['signature'])).size, 1);
  });

  for (const [what, found, why] of [
    [
      'an item was added',
      withItems([one, two, three, { ...three, approval: 'zzz' as never }]),
      /over another document/,
    ],
    ['an item was removed', withItems([one, two]), /over another document/],
    ['its own item was removed', withItems([two, three]), /none is this one/],
    [
      'the digest of another item was changed',
      withItems([one, { ...two, digest: OTHER }, three]),
      /over another document/,
    ],
    ['the digest of its own item was changed', withItems([{ ...one, digest: OTHER }, two, three]), /none is this one/],
    [
      'two digests were exchanged',
      withItems([
        { ...one, digest: two.digest },
        { ...two, digest: one.digest },
      ]),
      /none is/,
    ],
    [
      'an approval was renamed',
      withItems([one, { ...two, approval: `${two.approval}x` as never }, three]),
      /another doc/,
    ],
    ['the nonce was changed', withBatch({ nonce: '0'.repeat(32) }), /a nonce that is not theirs/],
    ['the expiry was changed', withBatch({ expiresAt: '2026-11-24T12:05:00.001Z' }), /a nonce that is not theirs/],
    ['items were left as they were, but sorted otherwise', withBatch({ items: [two, one, three] }), /not of the form/],
    ['a member was added', withBatch(Object.assign({ note: 'x' })), /not of the form/],
    ['the others were taken away', withProof({ batch: undefined }), /over another document/],
    ['it was put into the entry of another of them', wrongIn({ ...second, proofs: [proof] }), /about another document/],
  ] as const)
    it(`finds that ${what}`, () => {
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', why);
    });

  it('judges what docs/ledger-format.md says is signed: the list of approvals with the digest of each, in canonical JSON', () => {
    const sha256 = (text: string) => createHash('sha256').update(text);
    const said = z
      .object({ challenge: z.string() })
      .parse(JSON.parse(Buffer.from(proof.clientDataJSON, 'base64url').toString()));
    const items = batch.items.map(({ approval, digest }) => `{"approval":"${approval}","digest":"${digest}"}`).join();
    const rest = `"expiresAt":"${batch.expiresAt}","items":[${items}]`;

    assert.equal(batch.nonce, sha256(`{${rest}}`).digest('hex').slice(0, 32));
    const text = `{"action":"approve several",${rest},"nonce":"${batch.nonce}"}`;
    assert.equal(said.challenge, sha256(text).digest('base64url'));
  });

  it('finds an expiry that was changed together with the nonce that follows from it', () => {
    const expiresAt = '2026-11-24T12:05:00.001Z';

    assert.match(
      withBatch({ expiresAt, nonce: batchNonce({ ...batch, expiresAt }) })[0] ?? '',
      /over another document/,
    );
  });

  it('finds one in an entry about another question with the same document', () => {
    const payload = { ...first.payload, approval: 'another' };

    assert.match(wrongIn({ ...first, payload })[0] ?? '', /none is this one/);
  });

  it('finds every character of what was signed together that was changed', () => {
    const text = JSON.stringify(batch);
    const parsed = (changed: string): unknown => {
      try {
        return JSON.parse(changed);
      } catch {
        return 'no JSON';
      }
    };

    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...'0123456789abcdef-"}{]:Tz'), (at, letter) => {
        const place = at % text.length;
        const changed = `${text.slice(0, place)}${letter}${text.slice(place + 1)}`;

        assert.equal(withProof({ batch: parsed(changed) }).length, changed === text ? 0 : 1);
      }),
      { seed: 20261126, numRuns: 1000 },
    );
  });
});
