import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { leafHash, rootOf } from '../../../../domain/ledger/merkle.ts';
import { subtreesOf } from '../../../../domain/ledger/merkle-proofs.ts';
import { hashOfHex, hexOf, leafOf, MerkleStack } from '../../../../domain/ledger/verify/merkle-stack.ts';

const anyEntries = fc.array(fc.string({ unit: 'binary' }), { maxLength: 70 });

describe('the stack of a growing tree', () => {
  it('has the root that the tree of RFC 6962 has, at every size', () =>
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const stack = new MerkleStack();
        const leaves: string[] = [];

        for (const text of entries) {
          assert.equal(stack.root(), rootOf(leaves));
          leaves.push(leafHash(text));
          stack.push(0, leafOf(text));
        }

        assert.equal(stack.root(), rootOf(leaves));
        assert.equal(stack.size, leaves.length);
      }),
    ));

  it('takes the perfect subtrees of a range for its leaves', () =>
    fc.assert(
      fc.property(anyEntries, fc.nat(), (entries, at) => {
        const leaves = entries.map((text) => leafHash(text));
        const stack = new MerkleStack();
        const begin = at % (leaves.length + 1);
        for (const leaf of leaves.slice(0, begin)) stack.push(0, hashOfHex(leaf));

        for (const { level, index } of subtreesOf([begin, leaves.length]))
          stack.push(level, hashOfHex(rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))));

        assert.equal(stack.root(), rootOf(leaves));
      }),
    ));

  it('gives hashes that are read back', () => {
    assert.equal(hashOfHex(hexOf(leafOf('x'))), leafOf('x'));
    assert.equal(hexOf(leafOf('é')), leafHash('é'));
  });
});
