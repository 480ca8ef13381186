import { createRemoteJWKSet, customFetch } from 'jose';

const REREAD_AFTER_MS = 600_000;

export type SigningKeysOptions = {
  readonly issuer: string;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly now: () => Date;
  /** Reads the keys at once, so that the first check waits for nothing. When that fails, the first check reads them. */
  readonly ahead?: boolean | undefined;
};

/**
 * The issuer's public keys (`<issuer>/.well-known/jwks.json`, as Cognito and the local provider serve them), kept in memory: a check
 * needs no network. An unknown key id makes it look again (at most each 30 s); every ten minutes it looks again beside the work, and
 * keeps what it has when the provider does not answer: a kill must not hang on it.
 */
export function signingKeys({ issuer, fetch, now, ahead = false }: SigningKeysOptions) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    timeoutDuration: 3000,
    ...(fetch && { [customFetch]: fetch }),
  });
  let readAt = now().getTime();
  const keep = () => undefined;
  if (ahead) setImmediate(() => void keys.reload().catch(keep)); // after the import, which a sandbox waits for
  return (...args: Parameters<typeof keys>) => {
    const at = now().getTime();
    if (at - readAt > REREAD_AFTER_MS) {
      readAt = at;
      keys.reload().catch(keep);
    }
    return keys(...args);
  };
}
