import { sha256 } from '../crypto/sha256.ts';
import { Digest } from '../ids.ts';
import { canonicalJson } from './canonical-json.ts';

/** Digest of exact bytes, e.g. an artifact. */
export const digestOfBytes = (bytes: Uint8Array | string): Digest =>
  Digest.parse(`sha256:${sha256(bytes).toString('hex')}`);

/** Digest of a document: of its RFC 8785 canonical JSON, so that formatting does not matter. */
export const digestOf = (document: unknown): Digest => digestOfBytes(canonicalJson(document));
