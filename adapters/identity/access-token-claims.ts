import * as z from 'zod';
import { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { ActorId } from '../../domain/ids.ts';

/** Times in the token are whole seconds. Groups that are no role of ours are left out; other claims are not looked at. */
export const AccessTokenClaims = z.object({
  sub: ActorId,
  token_use: z.literal('access'),
  client_id: z.string(),
  scope: z.string().default(''),
  'cognito:groups': z.array(z.string()).default([]),
  acr: z.string().optional(),
  amr: z.array(z.string()).default([]),
  auth_time: z.int().optional(),
  iat: z.int(),
  exp: z.int(),
});
export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>;

/** The caller that the claims describe, in the words of the domain. */
export function callerOf(claims: AccessTokenClaims): Caller {
  return {
    subject: claims.sub,
    roles: claims['cognito:groups'].flatMap((group) => Role.safeParse(group).data ?? []),
    scopes: claims.scope.split(' ').filter(Boolean),
    ...(claims.acr !== undefined && { acr: claims.acr }),
    amr: claims.amr,
    ...(claims.auth_time !== undefined && { authTime: claims.auth_time * 1000 }),
  };
}
