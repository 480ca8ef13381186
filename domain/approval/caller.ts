import * as z from 'zod';
import { ActorId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { Role } from './approval.ts';

/** Who is asking, taken from a verified access token only: subject, roles, and how and when they logged in. Times in epoch ms. */
export const Caller = z.object({
  subject: ActorId,
  roles: z.array(Role),
  scopes: z.array(z.string()),
  acr: z.string().optional(),
  amr: z.array(z.string()),
  authTime: z.number().optional(),
  /** How long the token has been expired, where that was tolerated (kill only). */
  expiredForMs: z.number().optional(),
  /** How far in the future, by our clock, the token was issued, where that was tolerated (kill only). */
  aheadMs: z.number().optional(),
});
export type Caller = z.infer<typeof Caller>;

/** A second factor counts for this long after the login that used it (aws-facts 4: auth_time at most 300 s ago). */
export const SECOND_FACTOR_MS = 300_000;

const SECOND_FACTOR_LEVEL = /^urn:cognito:loa:[2-4]$/;

/** Refuses a login without a second factor, or one that is too old to sign with (runbook 2.3). */
export function requireFreshSecondFactor({ acr, authTime }: Caller, now: Date): Refusal | undefined {
  if (!acr || !SECOND_FACTOR_LEVEL.test(acr)) {
    return new Refusal(
      'SecondFactorMissing',
      'this login used no second factor',
      'log in again with your one-time code',
      { acr: acr ?? null },
    );
  }
  const ageMs = authTime === undefined ? Number.POSITIVE_INFINITY : now.getTime() - authTime;
  if (ageMs > SECOND_FACTOR_MS || ageMs < -60_000) {
    return new Refusal(
      'SecondFactorStale',
      'this login is too old to sign with',
      `log in again: a signature needs a login of the last ${SECOND_FACTOR_MS / 1000} s`,
      {
        authTime: authTime === undefined ? null : new Date(authTime).toISOString(),
      },
    );
  }
  return undefined;
}

/** Refuses a caller none of whose roles may do this. */
export function requireRole(caller: Caller, allowed: readonly Role[], action: string): Refusal | undefined {
  if (caller.roles.some((role) => allowed.includes(role))) return undefined;
  return new Refusal('WrongRole', `${action} needs the role ${allowed.join(' or ')}`, 'ask somebody who holds it', {
    yourRoles: caller.roles,
    allowed,
  });
}
