import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApprovalId } from '../../../domain/ids.ts';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import { digestOf, digestOfBytes } from '../../../domain/ledger/digest.ts';
import { openBatch, refuseBatch } from '../../../domain/signature/open-batch.ts';
import { batchDigest, batchNonce, SigningBatch } from '../../../domain/signature/signing-batch.ts';
import { START } from '../../fakes/world.ts';

const question = (id: string) => ({ id: ApprovalId.parse(id), digest: digestOf(id) });
const questions = ['run-b', 'run-a', 'run-B'].map(question);
const batch = openBatch(questions, START);
const [a, b] = [question('run-a'), question('run-b')];

describe('openBatch', () => {
  it('puts questions in the order of their ids, for five minutes, whatever the order they come in', () => {
    assert.deepEqual(
      batch.items.map(({ approval }) => approval),
      ['run-B', 'run-a', 'run-b'],
    );
    assert.equal(batch.expiresAt, '2026-11-24T12:05:00.000Z');
    assert.deepEqual(openBatch(questions.toReversed(), START), batch);
  });

  it('gives other questions, and the same ones at another time, another nonce', () => {
    const nonces = [batch, openBatch([a, b], START), openBatch(questions, new Date(START.getTime() + 1))];

    assert.equal(new Set(nonces.map(({ nonce }) => nonce)).size, 3);
  });

  it('is signed by exactly the bytes that the description of the format says', () => {
    const item = ({ id, digest }: ReturnType<typeof question>) => `{"approval":"${id}","digest":"${digest}"}`;
    const two = openBatch([a, b], START);
    const text = `{"action":"approve several","expiresAt":"2026-11-24T12:05:00.000Z","items":[${item(a)},${item(b)}],"nonce":"${two.nonce}"}`;

    assert.equal(batchDigest(two), digestOfBytes(text));
    assert.equal(two.nonce, digestOfBytes(canonicalJson({ items: two.items, expiresAt: two.expiresAt })).slice(7, 39));
  });

  it('takes 2 to 20 questions, none of them twice', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => question(`run-${index}`));

    assert.equal(openBatch(many(20), START).items.length, 20);
    for (const wrong of [[], [a], [a, a], many(21)]) assert.throws(() => openBatch(wrong, START), { name: 'ZodError' });
  });
});

describe('SigningBatch', () => {
  for (const [what, changes] of [
    ['in another order', { items: batch.items.toReversed() }],
    ['with an item of more members', { items: batch.items.map((each) => ({ ...each, note: 'x' })) }],
    ['with more members', { note: 'x' }],
    ['with a nonce of another form', { nonce: 'chosen' }],
    ['with a time of another form', { expiresAt: '2026-11-24T12:05:00Z' }],
  ] as const)
    it(`is nothing ${what}`, () => {
      assert.equal(SigningBatch.safeParse(batch).success, true);
      assert.equal(SigningBatch.safeParse({ ...batch, ...changes }).success, false);
    });
});

describe('refuseBatch', () => {
  const codeOf = (given: SigningBatch, { id, digest } = a, now = START) =>
    refuseBatch({ batch: given, approval: id, now }, digest)?.code;
  const untilMs = (ms: number): SigningBatch => {
    const expiresAt = new Date(START.getTime() + ms).toISOString();
    return { ...batch, expiresAt, nonce: batchNonce({ ...batch, expiresAt }) };
  };

  it('takes each of its items', () => {
    assert.deepEqual(
      questions.map((each) => codeOf(batch, each)),
      [undefined, undefined, undefined],
    );
  });

  it('refuses one that is over, to the millisecond, and one that somebody made to last longer', () => {
    assert.deepEqual(
      [codeOf(untilMs(1)), codeOf(untilMs(0)), codeOf(untilMs(-1))],
      [undefined, 'ApprovalExpired', 'ApprovalExpired'],
    );
    assert.deepEqual([codeOf(untilMs(300_000)), codeOf(untilMs(300_001))], [undefined, 'WrongChallenge']);
  });

  it('refuses a nonce that somebody chose, a question that it does not hold, and another document of one that it does', () => {
    assert.equal(codeOf({ ...batch, nonce: '0'.repeat(32) }), 'WrongChallenge');
    assert.equal(codeOf(batch, question('run-c')), 'WrongChallenge');
    assert.equal(codeOf(batch, { ...a, digest: b.digest }), 'WrongChallenge');
  });
});
