import { sha256Binary } from '../../crypto/sha256.ts';

const HASH_BYTES = 32;

/** Leaf hash of an entry's text (RFC 6962 section 2.1), as 32 characters of one byte each. */
export const leafOf = (text: string): string => sha256Binary(`\0${text}`);

export const hexOf = (hash: string): string => Buffer.from(hash, 'binary').toString('hex');
export const hashOfHex = (hex: string): string => Buffer.from(hex, 'hex').toString('binary');

/**
 * A growing Merkle tree that keeps only the roots of its perfect subtrees, at most 54 of them (RFC 6962 section 2.1). Hashes are
 * strings of 32 characters, one for each byte: this is the inner loop of a verification, so nothing is made that is thrown away.
 */
export class MerkleStack {
  readonly #subtrees: { readonly level: number; readonly hash: string }[] = [];
  readonly #node = Buffer.alloc(1 + 2 * HASH_BYTES, 1); // 01, left, right
  #size = 0;

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds the root of a perfect subtree of 2^level leaves; the size has to be a multiple of that. */
  push(level: number, hash: string): void {
    let top = { level, hash };
    for (let left = this.#subtrees.at(-1); left?.level === top.level; left = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      top = { level: top.level + 1, hash: this.#above(left.hash, top.hash) };
    }
    this.#subtrees.push(top);
    this.#size += 2 ** level;
  }

  /** The root of the tree so far, in hex; of the empty tree, the hash of nothing. */
  root(): string {
    const hashes = this.#subtrees.map(({ hash }) => hash);
    return hexOf(
      hashes.length === 0 ? sha256Binary('') : hashes.reduceRight((right, left) => this.#above(left, right)),
    );
  }

  #above(left: string, right: string): string {
    this.#node.write(left, 1, HASH_BYTES, 'binary');
    this.#node.write(right, 1 + HASH_BYTES, HASH_BYTES, 'binary');
    return sha256Binary(this.#node);
  }
}
