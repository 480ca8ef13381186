import { nodeHash } from './merkle.ts';

/** Leaves `[begin, end)` of a log. */
export type LeafRange = readonly [begin: number, end: number];

/** A perfect subtree: the leaves `[index * 2^level, (index + 1) * 2^level)`. */
export type Subtree = { readonly level: number; readonly index: number };

/** The ranges whose roots are the inclusion proof of a leaf, from the leaf upwards (RFC 6962 section 2.1.1). Throws RangeError for a leaf outside the tree. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  const ranges: LeafRange[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    ranges.push(index < middle ? [middle, end] : [begin, middle]);
    [begin, end] = index < middle ? [begin, middle] : [middle, end];
  }
  return ranges.reverse();
}

/** The ranges whose roots prove that a tree of `size` begins with the one of `before` (RFC 6962 section 2.1.2). Throws RangeError where it cannot. */
export function consistencyRanges(before: number, size: number): LeafRange[] {
  if (!(before >= 0 && before <= size)) throw new RangeError(`${before} leaves are no beginning of ${size}`);
  if (before === 0 || before === size) return [];
  const ranges: LeafRange[] = [];
  let [begin, end] = [0, size];
  while (before < end) {
    const middle = begin + splitOf(end - begin);
    ranges.push(before <= middle ? [middle, end] : [begin, middle]);
    [begin, end] = before <= middle ? [begin, middle] : [middle, end];
  }
  return [...(begin === 0 ? [] : [[begin, end] as const]), ...ranges.reverse()];
}

/** The fewest perfect subtrees that make up a range, left to right: at most two for each bit of its length. */
export function subtreesOf([begin, end]: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = begin; at < end; ) {
    let [level, width] = [0, 1];
    while (at % (width * 2) === 0 && at + width * 2 <= end) [level, width] = [level + 1, width * 2];
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}

/** Whether the leaf stands at that index of the tree with that root (RFC 6962 section 2.1.1). Hashes in hex; never throws. */
export function provesInclusion(
  { index, size, leaf }: { readonly index: number; readonly size: number; readonly leaf: string },
  proof: readonly string[],
  root: string,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  const ranges = inclusionRanges(index, size);
  if (ranges.length !== proof.length) return false;
  const onTheLeft = ranges.map(([begin]) => begin < index);
  return proof.reduce((below, hash, at) => parentOf(below, hash, onTheLeft[at] === true), leaf) === root;
}

/** Whether the tree of `later` begins with the one of `earlier` (RFC 6962 section 2.1.2). Hashes in hex; never throws. */
export function provesConsistency(earlier: SizedRoot, later: SizedRoot, proof: readonly string[]): boolean {
  if (!isCount(earlier.size) || !isCount(later.size) || earlier.size > later.size) return false;
  const ranges = consistencyRanges(earlier.size, later.size);
  if (ranges.length !== proof.length) return false;
  if (ranges.length === 0) return earlier.size === 0 || earlier.root === later.root;
  const nodes = proof.flatMap((hash, at) => ranges.slice(at, at + 1).map(([begin, end]) => ({ begin, end, hash })));
  const seed = seedOf(earlier, nodes);
  const beside = nodes
    .filter((node) => node !== seed.node)
    .map(({ begin, hash }) => ({ hash, left: begin < earlier.size }));
  const now = beside.reduce((below, { hash, left }) => parentOf(below, hash, left), seed.hash);
  const old = beside.filter(({ left }) => left).reduce((below, { hash }) => parentOf(below, hash, true), seed.hash);
  return old === earlier.root && now === later.root;
}

type Node = { readonly begin: number; readonly end: number; readonly hash: string };

/** Where both climbs begin: the subtree that ends with the earlier tree, which is that whole tree where none is named. */
function seedOf({ size, root }: SizedRoot, [first]: readonly Node[]): { hash: string; node?: Node } {
  return first?.end === size && first.begin > 0 ? { hash: first.hash, node: first } : { hash: root };
}

export type SizedRoot = { readonly size: number; readonly root: string };

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const parentOf = (hash: string, sibling: string, siblingOnTheLeft: boolean): string =>
  siblingOnTheLeft ? nodeHash(sibling, hash) : nodeHash(hash, sibling);

/** The largest power of two below `count` (at least two leaves). */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
