/** Remembers nonces for as long as a signature with them could be valid. True the first time only. */
export type NonceCache = (nonce: string, expiresAt: number, now: number) => boolean;

const MAX_NONCES = 100_000;

export function nonceCache(limit = MAX_NONCES): NonceCache {
  const seen = new Map<string, number>();
  return (nonce, expiresAt, now) => {
    if (seen.size >= limit) forgetExpired(seen, now);
    if (seen.has(nonce) || seen.size >= limit) return false; // full of live nonces: refuse, never forget
    seen.set(nonce, expiresAt);
    return true;
  };
}

function forgetExpired(seen: Map<string, number>, now: number): void {
  for (const [nonce, until] of seen) if (until < now) seen.delete(nonce);
}
