import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { leafHash, rootOf } from '../../../domain/ledger/merkle.ts';
import { subtreesOf } from '../../../domain/ledger/merkle-proofs.ts';
import { hashesIn, partialTile, tileBytes, tileOf, tilePath, tilesAfter } from '../../../domain/ledger/tiles.ts';

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => leafHash(`entry ${index}`));

/** Builds a tree in steps, and keeps its tiles as a bucket would: written once, by their path. */
async function bucketOf(sizes: readonly number[]): Promise<Map<string, readonly string[]>> {
  const bucket = new Map<string, readonly string[]>();
  const leaves = leavesOf(Math.max(...sizes));
  let size = 0;
  for (const next of sizes) {
    const tiles = await tilesAfter(size, leaves.slice(size, next), async (tile) => {
      const known = bucket.get(tilePath(tile));
      return known ?? assert.fail(`${tilePath(tile)} was never written`);
    });
    for (const tile of tiles) {
      const known = bucket.get(tilePath(tile));
      if (known) assert.deepEqual(known, tile.hashes);
      bucket.set(tilePath(tile), tile.hashes);
    }
    size = next;
  }
  return bucket;
}

describe('the tiles of a tree', () => {
  it('are those that the C2SP specification counts for 70,000 leaves', async () => {
    const tiles = await tilesAfter(0, leavesOf(70_000), async () => []);
    const count = (level: number, full: boolean) =>
      tiles.filter((each) => each.level === level && (each.width === 256) === full).length;

    assert.deepEqual(
      [count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)],
      [273, 1, 1, 1, 1],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((level) => partialTile(level, 70_000)?.width),
      [112, 17, 1, undefined],
    );
  });

  it('are a full one and one of width 1 above it for 256 leaves', async () => {
    const paths = (await tilesAfter(0, leavesOf(256), async () => [])).map(tilePath);

    assert.deepEqual(paths, ['tile/0/000', 'tile/1/000.p/1']);
  });

  it('hold every perfect subtree of the tree, in however many steps it grew', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        async (steps, at) => {
          const sizes = steps.toSorted((left, right) => left - right);
          const size = sizes.at(-1) ?? 0;
          const [bucket, leaves] = [await bucketOf(sizes), leavesOf(size)];

          for (const subtree of subtreesOf([at % size, size])) {
            const { tile, from, to } = tileOf(subtree, size);
            const hashes = bucket.get(tilePath(tile)) ?? assert.fail(`${tilePath(tile)} is missing`);
            const [begin, end] = [subtree.index * 2 ** subtree.level, (subtree.index + 1) * 2 ** subtree.level];
            assert.equal(rootOf(hashes.slice(from, to)), rootOf(leaves.slice(begin, end)));
          }
        },
      ),
      { numRuns: 40 },
    ));

  it('stand where the specification says', () => {
    assert.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067');
    assert.equal(tilePath({ level: 3, index: 0, width: 17 }), 'tile/3/000.p/17');
    assert.equal(tilePath({ level: 0, index: 1000, width: 256 }), 'tile/0/x001/000');
  });

  it('are bytes of 32 for each hash', () => {
    const hashes = leavesOf(3);

    assert.equal(tileBytes(hashes).length, 96);
    assert.deepEqual(hashesIn(tileBytes(hashes)), hashes);
    assert.deepEqual(hashesIn(new Uint8Array()), []);
  });
});
