import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { RouteAuthorizer } from '../template/gateway-route.ts';

/** Why a token does not open a route. `scope` means that it is genuine but not for this. */
export type TokenProblem = {
  readonly problem: 'missing' | 'invalid' | 'expired' | 'scope';
  readonly detail: string;
};

export type TokenCheck = (
  authorization: string | undefined,
  wanted: RouteAuthorizer,
) => Promise<JWTPayload | TokenProblem>;

/**
 * Checks bearer tokens as API Gateway's Cognito and JWT authorizers do: signature, issuer, times, audience (`aud`, or else
 * `client_id`), and that one of the route's scopes is in it.
 */
export function verifyAccessToken(jwks: JSONWebKeySet, now: () => Date): TokenCheck {
  const keys = createLocalJWKSet(jwks);
  return async (authorization, wanted) => {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim();
    if (!token)
      return { problem: 'missing', detail: 'The request has no access token (header Authorization: Bearer ...).' };
    try {
      const options = { issuer: wanted.issuer, algorithms: ['RS256'], currentDate: now(), requiredClaims: ['exp'] };
      const { payload } = await jwtVerify(token, keys, options);
      return problemOf(payload, wanted) ?? payload;
    } catch (error) {
      return reasonOf(error);
    }
  };
}

function reasonOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) {
    const end = new Date((error.payload.exp ?? 0) * 1000).toISOString();
    return { problem: 'expired', detail: `The access token expired at ${end}.` };
  }
  if (!(error instanceof errors.JOSEError)) throw error;
  return { problem: 'invalid', detail: `The access token is not valid: ${error.message}.` };
}

function problemOf(payload: JWTPayload, { audience, scopes }: RouteAuthorizer): TokenProblem | undefined {
  const { aud = payload['client_id'], scope } = payload;
  const meant = (Array.isArray(aud) ? aud : [aud]).some((each) => audience.includes(String(each)));
  if (audience.length > 0 && !meant) {
    return { problem: 'invalid', detail: 'The access token was given to a client that may not come this way.' };
  }
  const granted = typeof scope === 'string' ? scope.split(' ') : [];
  if (scopes.length === 0 || scopes.some((each) => granted.includes(each))) return undefined;
  return { problem: 'scope', detail: `The access token lacks the scope ${scopes.join(' or ')}.` };
}
