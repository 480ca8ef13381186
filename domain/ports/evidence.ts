import type { Digest } from '../ids.ts';

/** The evidence bucket: documents that gates read, and records of runs, written once. Keys are as in product decision 17. */
export interface EvidenceStore {
  /** The newest version of a document with the digest of its bytes, or nothing. */
  read(key: string): Promise<EvidenceDocument | undefined>;
  /** Writes unless the key exists. Returns the digest; the same bytes again are fine, other bytes throw. */
  createOnce(key: string, content: string): Promise<Digest>;
  list(prefix: string): Promise<string[]>;
}

export type EvidenceDocument = { key: string; bytes: Uint8Array; hash: Digest; storedAt: string };
