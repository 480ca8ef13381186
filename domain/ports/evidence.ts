import type { Digest } from '../ids.ts';

/** The evidence bucket: documents that gates read, and records of runs, written once. Keys are as in product decision 17. */
export interface EvidenceStore {
  /** The newest version of a document with the digest of its bytes, or nothing. */
  read(key: string): Promise<EvidenceDocument | undefined>;
  /** Writes unless the key exists. Returns the digest; the same bytes again are fine, other bytes throw. */
  createOnce(key: string, content: string | Uint8Array): Promise<Digest>;
  /**
   * Writes a new version over exactly the document that was read, or the first one where `read` found nothing; the older ones are
   * kept. Returns the digest, or nothing when somebody else wrote first: then nothing is written.
   */
  replace(key: string, content: string | Uint8Array, before: EvidenceDocument | undefined): Promise<Digest | undefined>;
  list(prefix: string): Promise<string[]>;
}

/** `etag` is the store's own name for this version: what `replace` goes by. */
export type EvidenceDocument = { key: string; bytes: Uint8Array; hash: Digest; storedAt: string; etag?: string };
