import { rootOf } from './merkle.ts';
import type { Subtree } from './merkle-proofs.ts';

/** Where a tile of hashes stands (C2SP tlog-tiles): its level, its index in the level, and how many of its 256 hashes are there. */
export type TileAt = { readonly level: number; readonly index: number; readonly width: number };
export type Tile = TileAt & { readonly hashes: readonly string[] };

export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const HASH_HEX = 64;

/** `tile/<level>/<index>`, the index in groups of three digits (`x001/x234/067`), with `.p/<width>` while the tile is not full. */
export function tilePath({ level, index, width }: TileAt): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const path = padded.replaceAll(/(\d{3})(?=\d)/g, 'x$1/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile on the right edge of a level in a tree of that size; nothing where the level ends with a full tile. */
export function partialTile(level: number, size: number): TileAt | undefined {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  const width = hashes % TILE_WIDTH;
  return width === 0 ? undefined : { level, index: Math.floor(hashes / TILE_WIDTH), width };
}

/**
 * The tiles that a tree gains when leaves are added to one of `size`: full ones, and the new right edge of every level that
 * changed. `partial` gives the hashes of the right edge as it was.
 */
export async function tilesAfter(
  size: number,
  leaves: readonly string[],
  partial: (tile: TileAt) => Promise<readonly string[]>,
): Promise<Tile[]> {
  const tiles: Tile[] = [];
  let added = leaves;
  for (let level = 0; added.length > 0; level += 1) {
    const edge = partialTile(level, size);
    const hashes = [...(edge ? await partial(edge) : []), ...added];
    const first = Math.floor(size / TILE_WIDTH ** (level + 1));
    const made = tilesOf(level, first, hashes);
    tiles.push(...made);
    added = made.filter(({ width }) => width === TILE_WIDTH).map((tile) => rootOf(tile.hashes));
  }
  return tiles;
}

function tilesOf(level: number, first: number, hashes: readonly string[]): Tile[] {
  const count = Math.ceil(hashes.length / TILE_WIDTH);
  return Array.from({ length: count }, (_, at) => {
    const own = hashes.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH);
    return { level, index: first + at, width: own.length, hashes: own };
  });
}

/** The tile that a perfect subtree of a tree of `size` is computed from, and which of its hashes: `[from, to)`. */
export function tileOf({ level, index }: Subtree, size: number): { tile: TileAt; from: number; to: number } {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const width = 2 ** (level % TILE_HEIGHT);
  const first = index * width;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const present = Math.floor(size / TILE_WIDTH ** tileLevel) - tileIndex * TILE_WIDTH;
  const from = first % TILE_WIDTH;
  return {
    tile: { level: tileLevel, index: tileIndex, width: Math.min(TILE_WIDTH, present) },
    from,
    to: from + width,
  };
}

/** The bytes of a tile: its hashes one after another, 32 bytes each. */
export const tileBytes = (hashes: readonly string[]): Uint8Array => Buffer.from(hashes.join(''), 'hex');

/** The hashes in the bytes of a tile. */
export const hashesIn = (bytes: Uint8Array): string[] =>
  Buffer.from(bytes)
    .toString('hex')
    .match(new RegExp(`.{${HASH_HEX}}`, 'g')) ?? [];
