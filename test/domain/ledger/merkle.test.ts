import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  appendLeaf,
  type CompactRange,
  leafHash,
  nodeHash,
  rootOf,
  rootOfRange,
} from '../../../domain/ledger/merkle.ts';

/** RFC 6962 section 2.1, written as the RFC writes it: split at the largest power of two below n. */
function rootByDefinition(leaves: readonly string[]): string {
  const [only] = leaves;
  if (only === undefined) return 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  if (leaves.length === 1) return only;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

describe('the Merkle tree', () => {
  it('hashes a leaf and a node as RFC 6962 does', () => {
    assert.equal(leafHash(''), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    assert.notEqual(nodeHash(leafHash('a'), leafHash('b')), nodeHash(leafHash('b'), leafHash('a')));
  });

  it('has the root of the definition, appended leaf by leaf, for every size', () =>
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), (entries) => {
        const leaves = entries.map((entry) => leafHash(entry));

        assert.equal(rootOf(leaves), rootByDefinition(leaves));
      }),
    ));

  it('keeps one subtree for each one-bit of the size', () => {
    let range: CompactRange = [];
    for (let size = 0; size < 100; size += 1) range = appendLeaf(size, range, leafHash(String(size)));

    assert.equal(range.length, 3); // 100 = 64 + 32 + 4
  });

  it('changes its root when any entry changes', () =>
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 40 }), fc.nat(), (entries, at) => {
        const leaves = entries.map((entry) => leafHash(entry));
        const changed = leaves.with(at % leaves.length, leafHash(`${entries[at % leaves.length]}!`));

        assert.notEqual(rootOf(changed), rootOf(leaves));
      }),
    ));

  it('refuses a range that does not belong to the size', () => {
    assert.throws(() => appendLeaf(3, [], leafHash('x')), RangeError);
  });

  it('hashes nothing for an empty tree', () => {
    assert.equal(rootOfRange([]), rootByDefinition([]));
  });
});
