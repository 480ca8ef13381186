import * as oidc from 'openid-client';
import { CliError } from '../cli-error.ts';
import type { IdentitySettings } from './identity-settings.ts';
import type { SavedSession } from './session-file.ts';

/** The level that every login asks for: password and one-time code. */
const SECOND_FACTOR = 'urn:cognito:loa:2';
const TIMEOUT_S = 10;

export type LoginRequest = {
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** Who wants to log in, if known. */
  readonly hint?: string | undefined;
  /** The login must not be older than this. */
  readonly maxAgeSeconds?: number | undefined;
  /** Goes through the login pages at this address and answers where they sent the browser to in the end. */
  readonly authorize: (url: URL, state: string) => Promise<URL>;
};

/** Logs in and refreshes at one identity provider, found by OpenID discovery. */
export type OidcClient = {
  login(request: LoginRequest): Promise<SavedSession>;
  /** New tokens for the same login; undefined when the provider does not know it any more. */
  refresh(session: SavedSession): Promise<SavedSession | undefined>;
};

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/** Refuses, as a CliError, a provider that does not answer and answers that fail a check of OpenID Connect. */
export async function oidcClient(settings: IdentitySettings, now: () => Date): Promise<OidcClient> {
  const configuration = await provider(settings).catch(fail(settings));
  const saved = (tokens: Tokens, before: Pick<SavedSession, 'subject' | 'scopes' | 'authTime'>): SavedSession => ({
    issuer: settings.issuer,
    clientId: settings.clientId,
    ...before,
    accessToken: tokens.access_token,
    ...(tokens.refresh_token && { refreshToken: tokens.refresh_token }),
    ...(tokens.scope && { scopes: tokens.scope.split(' ') }),
    expiresAt: now().getTime() + (tokens.expires_in ?? 0) * 1000,
  });
  return {
    async login(request) {
      const tokens = await codeFlow(configuration, request).catch(fail(settings));
      const { sub: subject = '', auth_time: authTime } = tokens.claims() ?? {};
      return saved(tokens, { subject, scopes: [...request.scopes], authTime: (authTime ?? 0) * 1000 });
    },
    async refresh(session) {
      const { subject, scopes, authTime, refreshToken } = session;
      if (refreshToken === undefined) return undefined;
      try {
        const tokens = await oidc.refreshTokenGrant(configuration, refreshToken);
        return { ...saved(tokens, { subject, scopes, authTime }), refreshToken: tokens.refresh_token ?? refreshToken };
      } catch (error) {
        if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return undefined;
        return fail(settings)(error);
      }
    },
  };
}

/** Plain HTTP on this machine only: on a network it would hand out tokens. */
function provider({ issuer, clientId }: IdentitySettings): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const execute = isLoopback(url) ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, undefined, oidc.None(), { execute, timeout: TIMEOUT_S });
}

/** True for an address of this machine. */
export const isLoopback = ({ hostname }: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);

async function codeFlow(configuration: oidc.Configuration, request: LoginRequest): Promise<Tokens> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const { redirectUri, scopes, hint, maxAgeSeconds, authorize } = request;
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: ['openid', ...scopes].join(' '),
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    prompt: 'login', // whoever used this browser before must not log in unasked
    acr_values: SECOND_FACTOR,
    ...(hint !== undefined && { login_hint: hint }),
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
  });
  return oidc.authorizationCodeGrant(configuration, await authorize(url, state), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }),
  });
}

const fail =
  ({ issuer }: IdentitySettings) =>
  (error: unknown): never => {
    if (error instanceof CliError) throw error;
    const details = { cause: error, facts: { issuer } };
    if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
      throw new CliError(
        'unauthenticated',
        `the login was refused: ${error.error_description ?? error.error}`,
        'tradepulse-cli login',
        {
          ...details,
          code: 'LoginRefused',
        },
      );
    if (isUnreachable(error))
      throw new CliError(
        'unreachable',
        `the identity provider ${issuer} does not answer`,
        "start the local control plane with 'npm start', or try again when the network is back",
        { ...details, code: 'IdentityUnreachable', transient: true },
      );
    throw new CliError(
      'unauthenticated',
      `the identity provider ${issuer} answered what it should not: ${String(error)}`,
      'tradepulse-cli login',
      {
        ...details,
        code: 'LoginInvalid',
      },
    );
  };

/** fetch's own failures, its time-outs, and a provider that answers 5xx. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT') return true;
  if (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) return true;
  if (error instanceof oidc.ClientError && error.cause instanceof Response) return error.cause.status >= 500;
  return error instanceof TypeError && !(error instanceof oidc.ClientError);
}
