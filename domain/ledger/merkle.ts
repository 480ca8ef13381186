import { sha256 } from '../crypto/sha256.ts';

const LEAF = Uint8Array.of(0x00);
const NODE = '01';

/** RFC 6962 section 2.1: leaf hash `H(0x00 || entry)`, hex. The entry is its canonical JSON text, UTF-8. */
export const leafHash = (entry: string | Uint8Array): string => sha256(LEAF, entry).toString('hex');

/** RFC 6962 section 2.1: node hash `H(0x01 || left || right)`, hex in and out. */
export const nodeHash = (left: string, right: string): string =>
  sha256(Buffer.from(`${NODE}${left}${right}`, 'hex')).toString('hex');

/**
 * A compact range: the roots of the perfect subtrees that make up a tree of `size` leaves, largest first (one for each
 * one-bit of `size`). Enough to append and to compute the root without reading earlier entries.
 */
export type CompactRange = readonly string[];

/** The range after one more leaf on a tree that had `size` leaves. */
export function appendLeaf(size: number, range: CompactRange, leaf: string): CompactRange {
  const subtrees = [...range];
  let right = leaf;
  for (let full = size; full % 2 === 1; full = Math.floor(full / 2))
    right = nodeHash(subtrees.pop() ?? missing(size), right);
  return [...subtrees, right];
}

/** The RFC 6962 root of the tree that the range describes; of the empty tree it is the hash of nothing. */
export const rootOfRange = (range: CompactRange): string =>
  range.length === 0 ? sha256().toString('hex') : range.reduceRight((right, left) => nodeHash(left, right));

/** The root over the leaf hashes of a whole log, oldest first: what an auditor recomputes. */
export function rootOf(leaves: Iterable<string>): string {
  let range: CompactRange = [];
  let size = 0;
  for (const leaf of leaves) {
    range = appendLeaf(size, range, leaf);
    size += 1;
  }
  return rootOfRange(range);
}

function missing(size: number): never {
  throw new RangeError(`the compact range does not belong to a tree of ${size} leaves`);
}
