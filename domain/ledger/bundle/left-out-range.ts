import * as z from 'zod';
import { nodeHash } from '../merkle.ts';
import { parsedJson } from '../verify/parsed-json.ts';

const LeftOut = z.tuple([z.int().min(0), z.int().min(1), z.array(z.string().regex(/^[0-9a-f]{64}$/))]);

/** Entries `[begin, end)` that a bundle leaves out, and the roots of their perfect subtrees, in hex. */
export type LeftOutRange = { readonly begin: number; readonly end: number; readonly hashes: readonly string[] };

/** Reads the line of a left-out range; nothing when it is none. Whether it fits its place is not looked at. Never throws. */
export function leftOutRangeIn(line: string): LeftOutRange | undefined {
  const read = LeftOut.safeParse(parsedJson(line));
  if (!read.success || JSON.stringify(read.data) !== line) return undefined;
  const [begin, end, hashes] = read.data;
  return { begin, end, hashes };
}

type Subtree = { readonly level: number; readonly index: number; readonly hash: string };

/** Leaves that are left out, as they come one by one: only the roots of their perfect subtrees are kept, at most 106. */
export class Gap {
  #begin = 0;
  #end = 0;
  #subtrees: Subtree[] = [];

  add(index: number, leafHash: string): void {
    if (this.#subtrees.length === 0) this.#begin = index;
    let top: Subtree = { level: 0, index, hash: leafHash };
    for (let left = this.#subtrees.at(-1); left && areSiblings(left, top); left = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      top = { level: top.level + 1, index: left.index / 2, hash: nodeHash(left.hash, top.hash) };
    }
    this.#subtrees.push(top);
    this.#end = index + 1;
  }

  /** The line of the gap, if there is one; the next leaf begins another. */
  close(): string[] {
    const subtrees = this.#subtrees;
    this.#subtrees = [];
    return subtrees.length === 0 ? [] : [JSON.stringify([this.#begin, this.#end, subtrees.map(({ hash }) => hash)])];
  }
}

const areSiblings = (left: Subtree, right: Subtree): boolean =>
  left.level === right.level && left.index % 2 === 0 && left.index + 1 === right.index;
