import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { appendLeaf, type CompactRange, leafHash, rootOf, rootOfRange } from '../../../domain/ledger/merkle.ts';
import {
  consistencyRanges,
  inclusionRanges,
  type LeafRange,
  provesConsistency,
  provesInclusion,
  subtreesOf,
} from '../../../domain/ledger/merkle-proofs.ts';

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => leafHash(`entry ${index}`));
const proofOf = (leaves: readonly string[], ranges: readonly LeafRange[]) =>
  ranges.map(([begin, end]) => rootOf(leaves.slice(begin, end)));
const sized = (leaves: readonly string[]) => ({ size: leaves.length, root: rootOf(leaves) });
const inAnyTree = fc.integer({ min: 1, max: 300 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

/** The proofs of the example tree in RFC 6962 section 2.1.3: d0 to d6. */
describe('the proofs of the example in RFC 6962', () => {
  const leaves = leavesOf(7);

  it('names the nodes that the RFC names', () => {
    assert.deepEqual(inclusionRanges(0, 7), [
      [1, 2],
      [2, 4],
      [4, 7],
    ]); // b, h, l
    assert.deepEqual(inclusionRanges(3, 7), [
      [2, 3],
      [0, 2],
      [4, 7],
    ]); // c, g, l
    assert.deepEqual(inclusionRanges(4, 7), [
      [5, 6],
      [6, 7],
      [0, 4],
    ]); // f, j, k
    assert.deepEqual(inclusionRanges(6, 7), [
      [4, 6],
      [0, 4],
    ]); // i, k
    assert.deepEqual(consistencyRanges(3, 7), [
      [2, 3],
      [3, 4],
      [0, 2],
      [4, 7],
    ]); // c, d, g, l
    assert.deepEqual(consistencyRanges(4, 7), [[4, 7]]); // l
    assert.deepEqual(consistencyRanges(6, 7), [
      [4, 6],
      [6, 7],
      [0, 4],
    ]); // i, j, k
  });

  it('proves them', () => {
    assert.ok(
      provesInclusion(
        { index: 3, size: 7, leaf: leaves[3] ?? '' },
        proofOf(leaves, inclusionRanges(3, 7)),
        rootOf(leaves),
      ),
    );
    assert.ok(provesConsistency(sized(leaves.slice(0, 3)), sized(leaves), proofOf(leaves, consistencyRanges(3, 7))));
  });
});

describe('an inclusion proof', () => {
  it('holds for every leaf of every tree, and for no other leaf, index, size or root', () =>
    fc.assert(
      fc.property(inAnyTree, ([size, index]) => {
        const leaves = leavesOf(size);
        const proof = proofOf(leaves, inclusionRanges(index, size));
        const [leaf, root] = [leaves[index] ?? '', rootOf(leaves)];

        assert.ok(provesInclusion({ index, size, leaf }, proof, root));
        assert.ok(!provesInclusion({ index, size, leaf: leafHash('forged') }, proof, root));
        assert.ok(!provesInclusion({ index, size, leaf }, proof, leafHash('another root')));
        assert.ok(!provesInclusion({ index, size, leaf }, [...proof, root], root));
        assert.ok(size === 1 || !provesInclusion({ index, size, leaf }, proof.slice(1), root));
        assert.ok(size === 1 || !provesInclusion({ index: (index + 1) % size, size, leaf }, proof, root));
      }),
    ));

  it('is refused, not computed, for what is no position in a tree', () => {
    assert.ok(!provesInclusion({ index: 1, size: 1, leaf: leafHash('a') }, [], leafHash('a')));
    assert.ok(!provesInclusion({ index: -1, size: 1, leaf: leafHash('a') }, [], leafHash('a')));
    assert.ok(!provesInclusion({ index: 0, size: 1.5, leaf: leafHash('a') }, [], leafHash('a')));
    assert.throws(() => inclusionRanges(5, 5), RangeError);
  });
});

describe('a consistency proof', () => {
  it('holds between every two sizes, and for no other root or size', () =>
    fc.assert(
      fc.property(inAnyTree, ([size, before]) => {
        const leaves = leavesOf(size);
        const [earlier, later] = [sized(leaves.slice(0, before)), sized(leaves)];
        const proof = proofOf(leaves, consistencyRanges(before, size));

        assert.ok(provesConsistency(earlier, later, proof));
        assert.ok(!provesConsistency(earlier, later, [...proof, later.root]));
        if (before === 0) return; // every tree begins with the empty one
        assert.ok(!provesConsistency({ ...earlier, root: leafHash('forged') }, later, proof));
        assert.ok(!provesConsistency(earlier, { ...later, root: leafHash('forged') }, proof));
        assert.ok(!provesConsistency(later, { ...earlier, size: before - 1 }, proof));
      }),
    ));

  it('between equal sizes is that both are one', () => {
    const one = sized(leavesOf(5));

    assert.ok(provesConsistency(one, one, []));
    assert.ok(!provesConsistency(one, { ...one, root: leafHash('fork') }, []));
  });

  it('is refused, not computed, for sizes that no tree has', () => {
    assert.ok(!provesConsistency({ size: -1, root: '' }, { size: 4, root: '' }, []));
    assert.throws(() => consistencyRanges(5, 4), RangeError);
  });

  it('does not hold for a tree whose beginning was rewritten', () =>
    fc.assert(
      fc.property(inAnyTree, fc.nat(), ([size, before], at) => {
        fc.pre(before > 0);
        const leaves = leavesOf(size);
        const rewritten = leaves.with(at % before, leafHash('rewritten'));

        assert.ok(
          !provesConsistency(
            sized(leaves.slice(0, before)),
            sized(rewritten),
            proofOf(rewritten, consistencyRanges(before, size)),
          ),
        );
      }),
    ));
});

describe('the perfect subtrees of a range', () => {
  it('are next to each other, aligned, and as few as can be', () => {
    assert.deepEqual(subtreesOf([3, 13]), [
      { level: 0, index: 3 },
      { level: 2, index: 1 },
      { level: 2, index: 2 },
      { level: 0, index: 12 },
    ]);
    assert.deepEqual(subtreesOf([4, 4]), []);
  });

  it('of the whole tree are its compact range', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (size) => {
        const leaves = leavesOf(size);
        let range: CompactRange = [];
        for (const [at, leaf] of leaves.entries()) range = appendLeaf(at, range, leaf);
        const roots = subtreesOf([0, size]).map(({ level, index }) =>
          rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        );

        assert.deepEqual(roots, range);
        assert.equal(rootOfRange(roots), rootOf(leaves));
      }),
    ));
});
