import type { LogId } from '../ledger/ledger-entry.ts';
import type { CompactRange } from '../ledger/merkle.ts';
import type { LedgerHead } from '../ledger/seal.ts';
import type { NoteKey } from '../ledger/signed-note.ts';

/** An entry as it is stored: its exact text, and the leaf hash it was given when it was written. */
export type StoredEntry = { readonly index: number; readonly leafHash: string; readonly text: string };

/** A signed checkpoint (docs/ledger-format.md section 3), with the compact range of its tree, from which the next one goes on. */
export type StoredCheckpoint = { readonly size: number; readonly note: string; readonly range: CompactRange };

/** Logs as a checkpoint is made from them, and the checkpoints that were made. Reads are strongly consistent. */
export interface Checkpoints {
  /** How far the log has got; nothing when there is no such log. */
  head(log: LogId): Promise<LedgerHead | undefined>;
  /** The entries `[from, to)`, oldest first. */
  entries(log: LogId, from: number, to: number): AsyncIterable<StoredEntry>;
  newest(log: LogId): Promise<StoredCheckpoint | undefined>;
  /** Checkpoints of at least that size, smallest first. */
  list(log: LogId, options: { readonly from: number; readonly limit: number }): Promise<StoredCheckpoint[]>;
  /** Keeps a checkpoint, once; the same one again is fine. */
  keep(log: LogId, checkpoint: StoredCheckpoint): Promise<void>;
}

/** The `ledger/` folder of the evidence bucket: written once, locked on AWS. Paths are below a log's folder. */
export interface LedgerArchive {
  createOnce(log: LogId, path: string, content: string | Uint8Array): Promise<void>;
  /** Nothing when it was never written. */
  read(log: LogId, path: string): Promise<Uint8Array | undefined>;
}

/** The keys that sign checkpoints. They never leave KMS. */
export interface CheckpointKeys {
  /** Oldest first: the last one signs, those before it signed earlier checkpoints. */
  all(): Promise<readonly NoteKey[]>;
  /** Throws for a key that is not among them. */
  sign(key: NoteKey, text: string): Promise<Uint8Array>;
}
