import type { Checkpoints, LedgerArchive } from '../ports/checkpoints.ts';
import { Refusal } from '../refusal.ts';
import type { LogId } from './ledger-entry.ts';
import { rootOf, rootOfRange } from './merkle.ts';
import { consistencyRanges, inclusionRanges, type LeafRange, type Subtree, subtreesOf } from './merkle-proofs.ts';
import { hashesIn, tileOf, tilePath } from './tiles.ts';

type ProofPorts = { readonly checkpoints: Checkpoints; readonly archive: LedgerArchive };

/** A signed tree, and the hashes (RFC 6962 sections 2.1.1 and 2.1.2, hex) that lead to its root. */
export type Proof = { readonly checkpoint: string; readonly size: number; readonly hashes: readonly string[] };
export type InclusionProof = Proof & { readonly leafHash: string };

/** Proves that an entry stands in the tree of the newest checkpoint. Refuses UnknownLog, and NotCheckpointed while none covers it. */
export async function proveInclusion(log: LogId, index: number, ports: ProofPorts): Promise<InclusionProof> {
  const { size, note } = await newestOf(log, ports);
  if (index >= size)
    throw new Refusal(
      'NotCheckpointed',
      `entry ${index} of ${log} is not covered by a checkpoint yet; the newest one covers ${size} entries`,
      'a checkpoint is signed within two minutes of an entry: try again then',
      { log, index, size },
    );
  const hashes = await hashesOf(log, inclusionRanges(index, size), size, ports);
  const [leafHash = ''] = await hashesOf(log, [[index, index + 1]], size, ports);
  return { checkpoint: note, size, hashes, leafHash };
}

/** Proves that the newest checkpoint's tree begins with the tree of `before` entries. Refuses UnknownLog, and NotCheckpointed for more entries than it has. */
export async function proveConsistency(log: LogId, before: number, ports: ProofPorts): Promise<Proof> {
  const { size, note } = await newestOf(log, ports);
  if (before > size)
    throw new Refusal(
      'NotCheckpointed',
      `the newest checkpoint of ${log} covers ${size} entries, fewer than the ${before} you hold`,
      'if your checkpoint verifies, entries were removed: call the auditor',
      { log, before, size },
    );
  return { checkpoint: note, size, hashes: await hashesOf(log, consistencyRanges(before, size), size, ports) };
}

async function newestOf(log: LogId, { checkpoints }: ProofPorts) {
  const newest = await checkpoints.newest(log);
  if (newest) return newest;
  if (!(await checkpoints.head(log)))
    throw new Refusal('UnknownLog', `there is no log ${log}`, 'logs are strategy ids, desk, and access', { log });
  throw new Refusal('NotCheckpointed', `${log} has no checkpoint yet`, 'try again in two minutes', { log, size: 0 });
}

/** The roots of ranges of the tree, each tile read once. */
async function hashesOf(
  log: LogId,
  ranges: readonly LeafRange[],
  size: number,
  { archive }: ProofPorts,
): Promise<string[]> {
  const tiles = new Map<string, Promise<string[]>>();
  const read = (path: string) => {
    const hashes = tiles.get(path) ?? tileIn(log, path, archive);
    tiles.set(path, hashes);
    return hashes;
  };
  const hashOf = async (subtree: Subtree) => {
    const { tile, from, to } = tileOf(subtree, size);
    return rootOf((await read(tilePath(tile))).slice(from, to));
  };
  return Promise.all(ranges.map(async (range) => rootOfRange(await Promise.all(subtreesOf(range).map(hashOf)))));
}

async function tileIn(log: LogId, path: string, archive: LedgerArchive): Promise<string[]> {
  const bytes = await archive.read(log, path);
  if (!bytes) throw new Error(`${path} of ${log} is not in the archive, although a checkpoint covers it`);
  return hashesIn(bytes);
}
