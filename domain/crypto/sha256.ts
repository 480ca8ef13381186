import { createHash, hash } from 'node:crypto';

/** SHA-256 of the parts one after another, as raw bytes. Pure computing: no I/O. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return hash('sha256', only, 'buffer');
  const state = createHash('sha256');
  for (const part of parts) state.update(part);
  return state.digest();
}

/** SHA-256 as a string of 32 characters, one for each byte: three times as fast as a Buffer where millions are made. A text counts as UTF-8. */
export const sha256Binary = (data: Uint8Array | string): string => hash('sha256', data, 'binary');
