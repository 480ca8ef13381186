import { timingSafeEqual } from 'node:crypto';
import { sha256 } from './sha256.ts';

/** The hash of a secret, as it is kept: 64 hex digits. */
export const hashOfSecret = (secret: string): string => sha256(secret).toString('hex');

/** Whether a secret is the one that was hashed, in the same time whatever is wrong. */
export function matchesHash(secret: string, hash: string): boolean {
  const [given, kept] = [sha256(secret), Buffer.from(hash, 'hex')];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
