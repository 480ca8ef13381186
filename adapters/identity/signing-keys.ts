import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JSONWebKeySet } from 'jose';
import { withDeadline } from '../../domain/kill/with-deadline.ts';

const REREAD_AFTER_MS = 600_000;
/** A kill waits no longer than this for a provider that has not told this sandbox its keys yet. */
const SNAPSHOT_AFTER_MS = 300;

export type SigningKeysOptions = {
  readonly issuer: string;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly now: () => Date;
  /** Reads the keys at once, so that the first check waits for nothing. When that fails, the first check reads them. */
  readonly ahead?: boolean | undefined;
  /** The issuer's keys as they were kept, for when the issuer itself does not answer (the kill path only). */
  readonly snapshot?: (() => Promise<JSONWebKeySet | undefined>) | undefined;
};

/**
 * The issuer's public keys (`<issuer>/.well-known/jwks.json`, as Cognito and the local provider serve them), kept in memory: a check
 * needs no network. An unknown key id makes it look again (at most each 30 s); every ten minutes it looks again beside the work, and
 * keeps what it has when the provider does not answer: a kill must not hang on it.
 */
export function signingKeys({ issuer, fetch, now, ahead = false, snapshot }: SigningKeysOptions) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    timeoutDuration: 3000,
    ...(fetch && { [customFetch]: fetch }),
  });
  let readAt = now().getTime();
  const keep = () => undefined;
  const resolve = snapshot ? orFromSnapshot(keys, snapshot) : keys;
  if (ahead) setImmediate(() => void keys.reload().catch(keep)); // after the import, which a sandbox waits for
  return (...args: Parameters<typeof keys>) => {
    const at = now().getTime();
    if (at - readAt > REREAD_AFTER_MS) {
      readAt = at;
      keys.reload().catch(keep);
    }
    return resolve(...args);
  };
}

type Keys = ReturnType<typeof createRemoteJWKSet>;

/** The issuer's own word where it gives one in time; what was kept of it where it does not. */
function orFromSnapshot(keys: Keys, snapshot: () => Promise<JSONWebKeySet | undefined>) {
  return async (...args: Parameters<Keys>) => {
    const asking = keys(...args);
    try {
      return await (keys.jwks() ? asking : withDeadline(asking, SNAPSHOT_AFTER_MS));
    } catch (error) {
      if (isAboutTheToken(error)) throw error;
      const kept = await snapshot().catch(() => undefined);
      return kept ? createLocalJWKSet(kept)(...args) : asking;
    }
  };
}

const isAboutTheToken = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
