import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import type { DemoUser } from './demo-user.ts';

/** Authentication context class of a login with password and one-time code, by the name that Cognito gives it. */
export const SECOND_FACTOR = 'urn:cognito:loa:2';

/** Authentication methods of such a login (RFC 8176). */
export const METHODS = ['pwd', 'otp'];

/**
 * Adds what Cognito puts into its access tokens. `acr`, `amr` and `auth_time` are those of the login, also in a refreshed token:
 * refreshing proves nothing about the person.
 */
export function tokenClaims(users: readonly DemoUser[]) {
  return ({ oidc }: KoaContextWithOIDC, token: AccessToken | ClientCredentials) => {
    const login = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken;
    if (token.kind !== 'AccessToken' || !login) return { token_use: 'access' };
    return {
      token_use: 'access',
      'cognito:groups': users.find(({ subject }) => subject === login.accountId)?.groups ?? [],
      acr: login.acr,
      amr: login.amr,
      auth_time: login.authTime,
    };
  };
}
