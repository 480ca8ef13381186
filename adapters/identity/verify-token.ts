import { errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Caller } from '../../domain/approval/caller.ts';
import { Refusal } from '../../domain/refusal.ts';
import { AccessTokenClaims, callerOf } from './access-token-claims.ts';
import { type SigningKeysOptions, signingKeys } from './signing-keys.ts';

export type TokenVerifierOptions = {
  /** The user pool's provider URL, or the local provider: without a slash at the end. */
  readonly issuer: string;
  /** The only client whose tokens are taken; without it those of every client of the issuer. */
  readonly clientId?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly now: () => Date;
  /** Reads the issuer's keys at once instead of at the first check. */
  readonly ahead?: boolean | undefined;
  /** The issuer's keys as they were kept, for when the issuer does not answer (the kill path only). */
  readonly snapshot?: SigningKeysOptions['snapshot'];
};

export type VerifyToken = (token: string | undefined, options?: { readonly toleranceMs?: number }) => Promise<Caller>;

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const LONGEST_TOLERANCE_MS = 900_000;
const LONGEST_TOKEN = 8192;
const CLOCK_SKEW_S = 60;
const NEXT = 'log in again: tradepulse-cli login';

/**
 * Checks access tokens: signature by a key of the issuer, issuer, client, `token_use`, expiry. Refuses with TokenMissing,
 * TokenInvalid or TokenExpired. `toleranceMs` (the kill path; at most 15 minutes) lets a token pass that has expired or, where
 * our clock is behind, is not valid yet, and says by how much. When the issuer's keys cannot be read it throws an error named IdentityUnreachable, which is a fault.
 */
export function createTokenVerifier({
  issuer,
  clientId,
  fetch,
  now,
  ahead,
  snapshot,
}: TokenVerifierOptions): VerifyToken {
  const keys = signingKeys({ issuer, fetch, now, ahead, snapshot });
  return async (token, { toleranceMs = 0 } = {}) => {
    if (!token) throw new Refusal('TokenMissing', 'this request carries no access token', NEXT);
    if (token.length > LONGEST_TOKEN) throw invalid('it is longer than any of ours');
    const at = now();
    const clockTolerance = Math.min(toleranceMs, LONGEST_TOLERANCE_MS) / 1000;
    const claims = await verified(token, keys, { issuer, algorithms: ALGORITHMS, currentDate: at, clockTolerance });
    if (clientId !== undefined && claims.client_id !== clientId) throw invalid('it was issued to another client');
    return { ...callerOf(claims), ...tolerated(claims, at, clockTolerance) };
  };
}

/** By how much a token is over, or not yet, by our clock; nothing of one that needs no tolerance. Refuses one of a future beyond it. */
function tolerated({ iat, exp }: AccessTokenClaims, at: Date, toleranceS: number) {
  const aheadMs = iat * 1000 - at.getTime();
  if (aheadMs > Math.max(CLOCK_SKEW_S, toleranceS) * 1000) throw invalid('it was issued in the future');
  const expiredForMs = at.getTime() - exp * 1000;
  return { ...(expiredForMs >= 0 && { expiredForMs }), ...(aheadMs > CLOCK_SKEW_S * 1000 && { aheadMs }) };
}

async function verified(token: string, keys: ReturnType<typeof signingKeys>, options: JWTVerifyOptions) {
  try {
    const { payload } = await jwtVerify(token, keys, options);
    const claims = AccessTokenClaims.safeParse(payload);
    if (claims.success) return claims.data;
    throw invalid(`its claim ${claims.error.issues[0]?.path.join('.')} is not that of an access token`);
  } catch (error) {
    throw asRefusal(error);
  }
}

/** Only what says something about the token is a refusal; a provider that cannot be reached says nothing about it. */
function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (error instanceof errors.JWTExpired)
    return new Refusal('TokenExpired', 'the access token has expired', NEXT, {
      expiredAt: new Date((error.payload.exp ?? 0) * 1000).toISOString(),
    });
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || isTransport(error))
    return unreachable(error);
  if (error instanceof errors.JOSEError) return invalid(REASONS[error.code] ?? error.message);
  return error;
}

/** jose throws its base error for a reply that is not 200, and lets fetch's TypeError through. */
const isTransport = (error: unknown) =>
  error instanceof TypeError || (error instanceof errors.JOSEError && error.code === errors.JOSEError.code);

const REASONS: Readonly<Record<string, string>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "its signature is not the issuer's",
  ERR_JWKS_NO_MATCHING_KEY: 'it is signed with a key that the issuer does not have',
  ERR_JOSE_ALG_NOT_ALLOWED: 'its signature algorithm is not accepted here',
};

const invalid = (why: string) => new Refusal('TokenInvalid', `the access token is not valid here: ${why}`, NEXT);

function unreachable(cause: unknown): Error {
  const error = new Error('the keys of the identity provider cannot be read, so no token can be checked', { cause });
  error.name = 'IdentityUnreachable';
  return error;
}
