import { change } from '../change.ts';
import { ActorId, StrategyId } from '../ids.ts';
import type {
  CheckpointKeys,
  Checkpoints,
  LedgerArchive,
  StoredCheckpoint,
  StoredEntry,
} from '../ports/checkpoints.ts';
import type { Ports } from '../ports/ports.ts';
import { checkpointText, originOf } from './checkpoint.ts';
import type { LogId, NewEntry } from './ledger-entry.ts';
import { appendLeaf, type CompactRange, leafHash, rootOfRange } from './merkle.ts';
import { EMPTY_HEAD, type LedgerHead } from './seal.ts';
import { type NoteKey, signedNote, signedNoteIn, signersOf } from './signed-note.ts';
import { hashesIn, tileBytes, tilePath, tilesAfter } from './tiles.ts';

export type CheckpointPorts = Pick<Ports, 'strategies' | 'records' | 'ledger' | 'bus' | 'now' | 'jitter'> & {
  readonly checkpoints: Checkpoints;
  readonly archive: LedgerArchive;
  readonly keys: CheckpointKeys;
  /** The ledger's name: first part of every origin, and the name of its keys. */
  readonly ledgerName: string;
  /** Raises the alarm that on-call hears. */
  readonly alarm: (what: string, facts: Record<string, unknown>) => void;
};

/** The ledger is not what it was: somebody edited the store. Never signed, always an alarm. */
export class LedgerTampered extends Error {
  override readonly name = 'LedgerTampered';
}

const SERVICE = ActorId.parse('service:checkpoint');
const ENTRIES_PER_OBJECT = 1_000;
const ENTRIES_AT_ONCE = 20_000;
const DIGITS = 16;

/**
 * Signs the log as it stands (architecture section 4): reads what came after the newest checkpoint, recomputes its leaves, holds
 * them against the head, and only then writes entries, tiles and checkpoint to the locked bucket. Answers the size that is signed
 * now. May run twice at the same time: the same tree gives the same bytes. Throws LedgerTampered, after telling the bus, for
 * entries that do not make up the head or a newest checkpoint that none of the keys signed.
 */
export async function checkpointLog(log: LogId, ports: CheckpointPorts): Promise<{ log: LogId; size: number }> {
  const newest = await ports.checkpoints.newest(log);
  const signers = await signersFor(log, newest, ports);
  const head = (await ports.checkpoints.head(log)) ?? EMPTY_HEAD;
  const size = newest?.size ?? 0;
  if (head.size === size) return { log, size };
  const grown = await grow(log, { size, range: newest?.range ?? [] }, head, ports);
  if (!grown) throw await tampered(log, `entries ${size} to ${head.size - 1} do not make up the log's head`, ports);
  await write(log, size, grown, signers, ports);
  return { log, size: grown.head.size };
}

/** The keys that sign the next checkpoint: the current one, and after a change of key once more the one before, which vouches for it. */
async function signersFor(
  log: LogId,
  newest: StoredCheckpoint | undefined,
  ports: CheckpointPorts,
): Promise<readonly NoteKey[]> {
  const keys = await ports.keys.all();
  const current = keys.at(-1);
  if (!current) throw new Error('no key is configured that could sign a checkpoint');
  if (!newest) return [current];
  const last = signersOfCheckpoint(log, newest, keys, ports);
  const [vouching] = last.toReversed();
  if (!vouching)
    throw await tampered(log, `the checkpoint of size ${newest.size} was signed by none of our keys`, ports);
  if (last.includes(current)) return [current];
  await announceKey(log, { from: vouching.vkey, to: current.vkey }, ports);
  return [...last, current];
}

/** Who signed a stored checkpoint, if it is of this log, this size, and this tree. */
function signersOfCheckpoint(
  log: LogId,
  { note, size, range }: StoredCheckpoint,
  keys: readonly NoteKey[],
  { ledgerName }: CheckpointPorts,
): NoteKey[] {
  const opened = signedNoteIn(note);
  const expected = checkpointText({ origin: originOf(ledgerName, log), size, root: rootOfRange(range) });
  return opened?.text === expected ? signersOf(opened, keys) : [];
}

/** Records a change of key in the log itself: the next checkpoint covers it, signed by both. */
async function announceKey(log: LogId, change_: { from: string; to: string }, ports: CheckpointPorts): Promise<void> {
  const entry: NewEntry = { type: 'checkpoint-key.rotated', actor: SERVICE, payload: change_ };
  const strategy = StrategyId.safeParse(log);
  if (!strategy.success) return void (await ports.ledger.append(log, [entry], ports.now()));
  const command = { key: `checkpoint-key/${log}/${change_.to}`, body: change_ };
  await change(strategy.data, command, (state) => ({ state, entries: [entry], reply: null }), ports);
}

type Grown = { readonly head: LedgerHead; readonly entries: readonly StoredEntry[] };

/** The log from a checkpoint to its head, as far as one run takes it. Nothing when the entries do not lead to that head. */
async function grow(
  log: LogId,
  from: LedgerHead,
  to: LedgerHead,
  { checkpoints }: CheckpointPorts,
): Promise<Grown | undefined> {
  const entries: StoredEntry[] = [];
  let range: CompactRange = from.range;
  let [size, reached] = [from.size, from];
  for await (const entry of checkpoints.entries(log, from.size, to.size)) {
    if (entry.index !== size || leafHash(entry.text) !== entry.leafHash) return undefined;
    range = appendLeaf(size, range, entry.leafHash);
    size += 1;
    if (entries.length < ENTRIES_AT_ONCE) {
      entries.push(entry);
      reached = { size, range };
    }
  }
  return size === to.size && rootOfRange(range) === rootOfRange(to.range) ? { head: reached, entries } : undefined;
}

/** Entries and tiles first, then the note, then the checkpoint that others find: what it promises is there when it is. */
async function write(
  log: LogId,
  before: number,
  { head, entries }: Grown,
  signers: readonly NoteKey[],
  ports: CheckpointPorts,
): Promise<void> {
  const tiles = await tilesAfter(
    before,
    entries.map((entry) => entry.leafHash),
    async (tile) => {
      const bytes = await ports.archive.read(log, tilePath(tile));
      if (!bytes) throw new Error(`${tilePath(tile)} of ${log} is not in the archive, although a checkpoint covers it`);
      return hashesIn(bytes);
    },
  );
  await Promise.all([
    ...tiles.map((tile) => ports.archive.createOnce(log, tilePath(tile), tileBytes(tile.hashes))),
    ...entryObjects(before, entries).map(({ path, content }) => ports.archive.createOnce(log, path, content)),
  ]);
  const text = checkpointText({
    origin: originOf(ports.ledgerName, log),
    size: head.size,
    root: rootOfRange(head.range),
  });
  const signatures = await Promise.all(
    signers.map(async (key) => ({ key, signature: await ports.keys.sign(key, text) })),
  );
  const note = signedNote(text, signatures);
  await ports.archive.createOnce(log, checkpointPath(head.size), note);
  await ports.checkpoints.keep(log, { size: head.size, note, range: head.range });
  await ports.records.put({ kind: 'CHECKPOINT', record: { id: log, size: head.size, at: ports.now().toISOString() } });
}

/** `entries/<begin>-<end>.jsonl`: the texts of `[begin, end)`, a line each. */
function entryObjects(first: number, entries: readonly StoredEntry[]): { path: string; content: string }[] {
  return Array.from({ length: Math.ceil(entries.length / ENTRIES_PER_OBJECT) }, (_, at) => {
    const own = entries.slice(at * ENTRIES_PER_OBJECT, (at + 1) * ENTRIES_PER_OBJECT);
    const begin = first + at * ENTRIES_PER_OBJECT;
    return {
      path: `entries/${digits(begin)}-${digits(begin + own.length)}.jsonl`,
      content: own.map(({ text }) => `${text}\n`).join(''),
    };
  });
}

/** `checkpoints/<size>` in the log's folder. */
const checkpointPath = (size: number): string => `checkpoints/${digits(size)}`;

const digits = (count: number): string => String(count).padStart(DIGITS, '0');

/** Tells the bus, so that the alarm does not wait for anybody to read a log. */
async function tampered(log: LogId, what: string, { bus, alarm }: CheckpointPorts): Promise<LedgerTampered> {
  alarm('a log does not fit its Merkle tree', { log, what });
  await bus.publish('ledger.tampered', { log, what });
  return new LedgerTampered(`the log ${log} was tampered with: ${what}`);
}
