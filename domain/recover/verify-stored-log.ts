import { checkpointText, originOf } from '../ledger/checkpoint.ts';
import type { LogId } from '../ledger/ledger-entry.ts';
import { appendLeaf, type CompactRange, leafHash, rootOfRange } from '../ledger/merkle.ts';
import type { LedgerHead } from '../ledger/seal.ts';
import { signedNoteIn, signersOf } from '../ledger/signed-note.ts';
import type { CheckpointKeys, Checkpoints, StoredCheckpoint } from '../ports/checkpoints.ts';

export type StoredLogPorts = {
  readonly checkpoints: Pick<Checkpoints, 'head' | 'newest' | 'entries'>;
  readonly keys: Pick<CheckpointKeys, 'all'>;
  readonly ledgerName: string;
};

/** Longer logs are recomputed from their newest checkpoint on: the checkpoint signs what is before. */
export const RECOMPUTED_WHOLE = 20_000;

export type StoredLog = { readonly sound: boolean; readonly what: string };

/**
 * Recomputes a log from its stored entries and holds it against its newest checkpoint, which one of our keys must have signed,
 * and against its head: as a whole, or, where it is long, from that checkpoint on. Says in words what was found.
 */
export async function verifyStoredLog(log: LogId, ports: StoredLogPorts): Promise<StoredLog> {
  const newest = await ports.checkpoints.newest(log);
  const head = await ports.checkpoints.head(log); // after the checkpoint: it has no fewer entries
  if (!newest || !head) return { sound: false, what: 'no checkpoint yet; one is signed within two minutes' };
  if (!(await isSigned(log, newest, ports)))
    return { sound: false, what: `the checkpoint of ${newest.size} entries is signed by none of our keys` };
  const from = head.size <= RECOMPUTED_WHOLE ? { size: 0, range: [] } : newest;
  const wrong = await recompute(log, from, newest, head, ports);
  if (wrong !== undefined) return { sound: false, what: wrong };
  return {
    sound: true,
    what: `entries ${from.size} to ${head.size - 1} make up the signed tree of ${newest.size} and the head`,
  };
}

async function isSigned(
  log: LogId,
  { note, size, range }: StoredCheckpoint,
  { keys, ledgerName }: StoredLogPorts,
): Promise<boolean> {
  const opened = signedNoteIn(note);
  const expected = checkpointText({ origin: originOf(ledgerName, log), size, root: rootOfRange(range) });
  return opened?.text === expected && signersOf(opened, await keys.all()).length > 0;
}

/** What does not fit; nothing when all does. */
async function recompute(
  log: LogId,
  from: LedgerHead,
  newest: StoredCheckpoint,
  head: LedgerHead,
  { checkpoints }: StoredLogPorts,
): Promise<string | undefined> {
  let range: CompactRange = from.range;
  let { size } = from;
  for await (const entry of checkpoints.entries(log, from.size, head.size)) {
    if (entry.index !== size) return `entry ${size} is missing`;
    if (leafHash(entry.text) !== entry.leafHash) return `entry ${size} is not what was written`;
    range = appendLeaf(size, range, entry.leafHash);
    size += 1;
    if (size === newest.size && rootOfRange(range) !== rootOfRange(newest.range))
      return `the first ${size} entries do not make up the tree that was signed`;
  }
  if (size !== head.size) return `entries from ${size} on are missing`;
  return rootOfRange(range) === rootOfRange(head.range) ? undefined : 'the entries do not make up the head of the log';
}
