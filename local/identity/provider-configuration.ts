import type { AdapterFactory, ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { DemoUser } from './demo-user.ts';
import type { EngineClient } from './engine-client.ts';
import type { IdentityKeys } from './identity-keys.ts';
import { errorPage } from './login-pages.ts';
import { loginPolicy } from './login-policy.ts';
import { PAGE_HEADERS } from './page.ts';
import { SECOND_FACTOR, tokenClaims } from './token-claims.ts';

const OPERATOR_SCOPES = 'control-plane/read control-plane/operate control-plane/kill';
const ENGINE_SCOPE = 'engine/lease';
const RESOURCE = 'urn:tradepulse:control-plane';

const ACCESS_SECONDS = 600;
const SESSION_SECONDS = 12 * 3600;

export type ProviderOptions = {
  readonly store: AdapterFactory;
  readonly keys: IdentityKeys;
  readonly users: readonly DemoUser[];
  readonly operatorClientId: string;
  readonly engines: readonly EngineClient[];
};

/** The settings of oidc-provider: what Cognito is configured for on AWS (`lib/operators.ts`, `lib/engine-api.ts`), and nothing beyond. */
export function providerConfiguration({
  store,
  keys,
  users,
  operatorClientId,
  engines,
}: ProviderOptions): Configuration {
  return {
    adapter: store,
    jwks: keys.jwks,
    cookies: cookies(keys),
    clients: [operatorClient(operatorClientId), ...engines.map(engineClient)],
    clientAuthMethods: ['none', 'client_secret_basic'],
    scopes: ['openid', ...OPERATOR_SCOPES.split(' '), ENGINE_SCOPE],
    claims: { openid: ['sub', 'cognito:groups'], acr: null, amr: null, auth_time: null, iss: null },
    acrValues: [SECOND_FACTOR],
    responseTypes: ['code'],
    pkce: { required: () => true },
    routes: { jwks: '/.well-known/jwks.json', authorization: '/authorize' },
    interactions: { policy: loginPolicy(), url: (_ctx, { uid }) => `/oidc/interaction/${uid}` },
    features: features(),
    ttl: lifetimes(),
    clientBasedCORS: () => false,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false, // as with Cognito: a login in the browser does not end those of the command line
    rotateRefreshToken: true,
    extraTokenClaims: tokenClaims(users),
    loadExistingGrant: grantForThisLogin,
    findAccount: (_ctx, subject) => accountOf(users, subject),
    renderError: (ctx, out) => {
      ctx.set(PAGE_HEADERS);
      ctx.body = errorPage(out.error_description ?? out.error);
    },
  };
}

const cookies = ({ cookieKeys }: IdentityKeys): Configuration['cookies'] => {
  const common = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    keys: cookieKeys,
    short: common,
    long: common,
    names: { session: 'tradepulse_session', interaction: 'tradepulse_login', resume: 'tradepulse_resume' },
  };
};

/** A native application (RFC 8252): loopback redirects on any port, no secret, PKCE. */
const operatorClient = (clientId: string): ClientMetadata => ({
  client_id: clientId,
  client_name: 'TradePulse',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback', 'http://localhost/callback'],
  scope: `openid ${OPERATOR_SCOPES}`,
});

const engineClient = ({ clientId, clientSecret }: EngineClient): ClientMetadata => ({
  client_id: clientId,
  client_secret: clientSecret,
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: ENGINE_SCOPE,
});

const features = (): Configuration['features'] => ({
  devInteractions: { enabled: false },
  userinfo: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  dPoP: { enabled: false },
  clientCredentials: { enabled: true },
  revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => RESOURCE,
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, _resource, client) => ({
      scope: client.grantTypeAllowed('client_credentials') ? ENGINE_SCOPE : OPERATOR_SCOPES,
      audience: client.clientId, // Cognito's tokens have none, but a JWT must; authorizers compare `aud` or else `client_id` to this
      accessTokenTTL: ACCESS_SECONDS,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'RS256' } },
    }),
  },
});

const lifetimes = (): Configuration['ttl'] => ({
  AccessToken: ACCESS_SECONDS,
  ClientCredentials: ACCESS_SECONDS,
  IdToken: ACCESS_SECONDS,
  AuthorizationCode: 60,
  Interaction: 600,
  RefreshToken: SESSION_SECONDS,
  Session: SESSION_SECONDS,
  Grant: SESSION_SECONDS + ACCESS_SECONDS,
});

/** Each login has a grant of its own, so that revoking one leaves the others of the same person alone. */
async function grantForThisLogin({ oidc }: KoaContextWithOIDC) {
  const { client, session } = oidc;
  if (!client || !session?.accountId) return undefined;
  const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(RESOURCE, OPERATOR_SCOPES);
  await grant.save();
  return grant;
}

async function accountOf(users: readonly DemoUser[], subject: string) {
  const user = users.find((each) => each.subject === subject);
  return user && { accountId: subject, claims: async () => ({ sub: subject, 'cognito:groups': user.groups }) };
}
