import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BundleHeader } from '../../../../domain/ledger/bundle/bundle-header.ts';
import { bundleLines } from '../../../../domain/ledger/bundle/bundle-lines.ts';
import { leafHash, rootOf } from '../../../../domain/ledger/merkle.ts';
import { subtreesOf } from '../../../../domain/ledger/merkle-proofs.ts';
import { aKeyChange, aLog, allOf, anEntry, bundleOf, eachOf, FIRST, SECOND } from '../verify/a-ledger.ts';

const entries = [0, 1, 2, 3, 4, 5, 6].map((seq) => anEntry(seq, seq % 3 === 0 ? { ticket: 'T' } : {}));
const leaves = entries.map((text) => leafHash(text));

describe('the lines of a bundle', () => {
  it('of a whole log are its header, its entries, and each checkpoint after the entries it covers', async () => {
    const log = aLog(entries, [0, 2, 7]);
    const notes = log.checkpoints.map(({ note }) => JSON.stringify(note));

    const lines = await bundleOf(log);

    assert.deepEqual(lines.slice(1), [notes[0], ...entries.slice(0, 2), notes[1], ...entries.slice(2), notes[2]]);
  });

  it('of a part leave out the rest by its subtrees, up to each checkpoint', async () => {
    const lines = await bundleOf(aLog(entries, [2, 7]), { ticket: 'T', from: 3, to: 6 });

    const gaps = lines.filter((line) => line.startsWith('[')).map((line) => JSON.parse(line));
    assert.deepEqual(gaps, [
      [0, 2, [rootOf(leaves.slice(0, 2))]],
      [2, 3, [leaves[2]]],
      [4, 7, [rootOf(leaves.slice(4, 6)), leaves[6]]],
    ]);
    assert.equal(lines.filter((line) => line === entries[3]).length, 1);
  });

  it('never leave out a change of key, and show what is no entry', async () => {
    const odd = entries.with(1, aKeyChange(1, FIRST, SECOND)).with(2, '{"type":"checkpoint-key.rotated"');

    const lines = await bundleOf(aLog(odd, [7]), { from: 7, to: 7 });

    assert.ok(lines.includes(odd[1] ?? '') && lines.includes(odd[2] ?? ''));
  });

  it('end at the size of the header, whatever the log has more', async () => {
    const lines = await bundleOf(aLog(entries, [2, 4, 7]), { size: 4, to: 4 });

    assert.equal(lines.length, 1 + 4 + 2);
  });

  it('leave out a gap as its perfect subtrees, wherever it lies', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.nat(), async (size, at) => {
        const many = Array.from({ length: size }, (_, seq) => anEntry(seq));
        const to = at % size;

        const line = (await bundleOf(aLog(many, [size]), { from: 0, to })).find((each) => each.startsWith('[')) ?? '';

        const expected = subtreesOf([to, size]).map(({ level, index }) =>
          rootOf(many.slice(index * 2 ** level, (index + 1) * 2 ** level).map((text) => leafHash(text))),
        );
        assert.deepEqual(JSON.parse(line), [to, size, expected]);
      }),
      { numRuns: 100 },
    ));

  it('are refused from a source with a gap', async () => {
    const gap = {
      entries: eachOf([{ index: 1, leafHash: '', text: '{}' }]),
      checkpoints: eachOf(aLog(entries, [7]).checkpoints),
    };
    const header = BundleHeader.parse(JSON.parse((await bundleOf(aLog(entries, [7])))[0] ?? ''));

    await assert.rejects(() => allOf(bundleLines(header, gap)), /has entry 1 where 0 belongs/);
  });

  const log = aLog(entries, [7]);
  const sourceless: Record<string, () => Promise<string[]>> = {
    'a source that ends early': () => bundleOf({ ...log, entries: entries.slice(0, 5) }),
    'a source without the checkpoint': () => bundleOf(log, { size: 6, to: 6 }),
    'a source without any checkpoint': () => bundleOf({ ...log, checkpoints: [] }),
  };
  for (const [what, make] of Object.entries(sourceless))
    it(`are refused from ${what}`, () => assert.rejects(make, RangeError));
});
