import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../domain/ledger/digest.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import { checkDigest } from '../../page/check-digest.ts';

const document = { action: 'launch', strategy: 'btc-momentum', limits: { maxOrdersPerSec: 5 } };
const digest = digestOf(document);

describe('checkDigest', () => {
  it('computes what the control plane computes, for any document', () =>
    fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), async (any) => {
        const asked = { document: JSON.parse(JSON.stringify(any)) as unknown };
        const right = digestOf(asked.document);

        assert.deepEqual(await checkDigest({ ...asked, digest: right }, challengeOf(right)), {
          ...{ matches: true, shown: right, asked: right },
        });
      }),
      { seed: 11, numRuns: 100 },
    ));

  it('finds another document, another digest, and another challenge, each alone', async () => {
    const other = digestOf({ ...document, strategy: 'eurusd-carry' });

    for (const [asked, challenge] of [
      [{ document: { ...document, limits: { maxOrdersPerSec: 6 } }, digest }, challengeOf(digest)],
      [{ document, digest: other }, challengeOf(digest)],
      [{ document, digest }, challengeOf(other)],
    ] as const)
      assert.equal((await checkDigest(asked, challenge)).matches, false);
  });

  it('takes a text with half a character for no document, since two readers could read it in two ways', async () => {
    const half = { document: { reason: '\ud800' }, digest };

    assert.deepEqual(await checkDigest(half, challengeOf(digest)), {
      ...{ matches: false, shown: 'none: it has no canonical form', asked: digest },
    });
  });
});
