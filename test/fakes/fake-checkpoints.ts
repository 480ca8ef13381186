import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ed25519KeyIn } from '../../domain/crypto/ed25519.ts';
import type { CheckpointPorts } from '../../domain/ledger/checkpoint-log.ts';
import { LogId } from '../../domain/ledger/ledger-entry.ts';
import type { LedgerHead } from '../../domain/ledger/seal.ts';
import { type NoteKey, noteKey } from '../../domain/ledger/signed-note.ts';
import type {
  CheckpointKeys,
  Checkpoints,
  LedgerArchive,
  StoredCheckpoint,
  StoredEntry,
} from '../../domain/ports/checkpoints.ts';
import type { FakeStore } from './fake-store.ts';

export const LEDGER_NAME = 'tradepulse/000000000000/us-east-1/Test';

/** Checkpoints in memory, beside the logs of a FakeStore. */
export class FakeCheckpoints implements Checkpoints {
  readonly kept = new Map<string, StoredCheckpoint[]>();
  readonly #store: FakeStore;

  constructor(store: FakeStore) {
    this.#store = store;
  }

  async head(log: LogId): Promise<LedgerHead | undefined> {
    return this.#store.logs.has(log) ? this.#store.headOf(log) : undefined;
  }

  async *entries(log: LogId, from: number, to: number): AsyncGenerator<StoredEntry> {
    for (const { text, receipt } of (this.#store.logs.get(log) ?? []).slice(from, to))
      yield { index: receipt.index, leafHash: receipt.leafHash, text };
  }

  async newest(log: LogId): Promise<StoredCheckpoint | undefined> {
    return this.kept.get(log)?.at(-1);
  }

  async list(log: LogId, { from, limit }: { from: number; limit: number }): Promise<StoredCheckpoint[]> {
    return (this.kept.get(log) ?? []).filter(({ size }) => size >= from).slice(0, limit);
  }

  async keep(log: LogId, checkpoint: StoredCheckpoint): Promise<void> {
    const others = this.kept.get(log) ?? [];
    const there = others.find(({ size }) => size === checkpoint.size);
    if (there && there.note !== checkpoint.note)
      throw new Error(`${log} has another checkpoint of size ${checkpoint.size}: a checkpoint is kept once`);
    const all = [...others.filter((each) => each !== there), checkpoint];
    this.kept.set(
      log,
      all.toSorted((left, right) => left.size - right.size),
    );
  }
}

/** The locked folder in memory: other bytes under a known path throw. */
export class FakeArchive implements LedgerArchive {
  readonly objects = new Map<string, Uint8Array>();

  async createOnce(log: LogId, path: string, content: string | Uint8Array): Promise<void> {
    const key = `${log}/${path}`;
    const bytes = Buffer.from(content);
    const there = this.objects.get(key);
    if (there && !bytes.equals(there)) throw new Error(`${key} exists with other content`);
    this.objects.set(key, bytes);
  }

  async read(log: LogId, path: string): Promise<Uint8Array | undefined> {
    return this.objects.get(`${log}/${path}`);
  }

  pathsOf = (log: string): string[] =>
    [...this.objects.keys()].filter((key) => key.startsWith(`${log}/`)).map((key) => key.slice(log.length + 1));
}

/** Signing keys in memory. `rotate` makes the next one the current one. */
export class FakeCheckpointKeys implements CheckpointKeys {
  #pairs: { readonly key: NoteKey; readonly privateKey: KeyObject }[] = [];

  constructor() {
    this.rotate();
  }

  rotate(): NoteKey {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const bytes = ed25519KeyIn(publicKey.export({ format: 'der', type: 'spki' }));
    const key = bytes && noteKey(LEDGER_NAME, bytes);
    if (!key) throw new Error('a fresh key is a key');
    this.#pairs = [...this.#pairs, { key, privateKey }];
    return key;
  }

  /** Takes the oldest key out of the deployment. */
  retire(): void {
    this.#pairs = this.#pairs.slice(1);
  }

  async all(): Promise<readonly NoteKey[]> {
    return this.#pairs.map(({ key }) => key);
  }

  async sign(key: NoteKey, text: string): Promise<Uint8Array> {
    const pair = this.#pairs.find((each) => each.key.vkey === key.vkey);
    if (!pair) throw new Error(`${key.vkey} is not here`);
    return sign(null, Buffer.from(text), pair.privateKey);
  }
}

/** Everything that checkpoints take, on a store of one's own. */
export function checkpointWorld(store: FakeStore, now: () => Date) {
  const told: { type: string; detail: Record<string, unknown> }[] = [];
  const alarms: { what: string; facts: Record<string, unknown> }[] = [];
  const ports = {
    strategies: store,
    records: store,
    ledger: store,
    checkpoints: new FakeCheckpoints(store),
    archive: new FakeArchive(),
    keys: new FakeCheckpointKeys(),
    bus: { publish: async (type: string, detail: Record<string, unknown>) => void told.push({ type, detail }) },
    alarm: (what: string, facts: Record<string, unknown>) => void alarms.push({ what, facts }),
    ledgerName: LEDGER_NAME,
    now,
    jitter: async () => undefined,
  } satisfies CheckpointPorts;
  return { ports, told, alarms };
}

export const logId = (log: string): LogId => LogId.parse(log);
