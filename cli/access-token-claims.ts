import * as z from 'zod';
import { CliError } from './cli-error.ts';

const Claims = z.looseObject({
  sub: z.string(),
  exp: z.number(),
  auth_time: z.number().optional(),
  'cognito:groups': z.array(z.string()).optional(),
});

export type AccessTokenClaims = {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly exp: string;
  readonly authTime: string | undefined;
};

/** What a token says about its person, to show it; nothing is decided by it, so its signature is left to the server. Refuses what is no JWT. */
export function accessTokenClaims(token: string): AccessTokenClaims {
  try {
    const [, payload = ''] = token.split('.');
    const claims = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    const time = (seconds: number) => new Date(seconds * 1000).toISOString();
    return {
      sub: claims.sub,
      roles: claims['cognito:groups'] ?? [],
      exp: time(claims.exp),
      authTime: claims.auth_time === undefined ? undefined : time(claims.auth_time),
    };
  } catch (cause) {
    throw new CliError('unauthenticated', 'the identity provider gave a token that cannot be read', 'log in again', {
      cause,
      code: 'TokenUnreadable',
    });
  }
}
