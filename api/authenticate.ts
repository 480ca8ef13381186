import type { Caller } from '../domain/approval/caller.ts';
import { Refusal } from '../domain/refusal.ts';

/** Verifies an access token; throws an error named TokenMissing, TokenInvalid or TokenExpired. `toleranceMs` is for the kill path only. */
export type VerifyToken = (token: string | undefined, options?: { toleranceMs?: number }) => Promise<Caller>;

const NEXT = 'log in again: tradepulse-cli login';

/** Who calls, from the verified bearer token alone. Everything the identity provider did not sign is ignored. */
export async function authenticate(
  request: Request,
  verify: VerifyToken,
  options: { toleranceMs?: number } = {},
): Promise<Caller> {
  const token = /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined) throw new Refusal('TokenMissing', 'this request carries no access token', NEXT);
  try {
    return await verify(token, options);
  } catch (error) {
    if (error instanceof Error && error.name === 'TokenExpired')
      throw new Refusal('TokenExpired', 'the access token has expired', NEXT);
    if (error instanceof Error && error.name === 'TokenInvalid')
      throw new Refusal('TokenInvalid', 'the access token is not valid here', NEXT);
    throw error;
  }
}

/** Refuses a token that was not given for this kind of request. */
export function requireScope({ scopes }: Caller, scope: string): void {
  if (!scopes.includes(scope))
    throw new Refusal('NotPermitted', `this needs the scope ${scope}`, 'log in again and ask for it', {
      yours: scopes,
    });
}
