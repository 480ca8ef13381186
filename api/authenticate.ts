import type { Caller } from '../domain/approval/caller.ts';
import { Refusal } from '../domain/refusal.ts';

/** Verifies an access token, or refuses it (TokenMissing, TokenInvalid, TokenExpired). `toleranceMs` is for the kill path only. */
export type VerifyToken = (token: string | undefined, options?: { readonly toleranceMs?: number }) => Promise<Caller>;

/** Who calls, from the verified bearer token alone. Everything the identity provider did not sign is ignored. */
export function authenticate(
  request: Request,
  verify: VerifyToken,
  options: { toleranceMs?: number } = {},
): Promise<Caller> {
  return verify(/^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1], options);
}

/** Refuses a token that was not given for this kind of request. */
export function requireScope({ scopes }: Caller, scope: string): void {
  if (scopes.includes(scope)) return;
  throw new Refusal('NotPermitted', `this needs the scope ${scope}`, 'log in again and ask for it', { yours: scopes });
}
