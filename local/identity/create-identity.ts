import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import type { DemoUser } from './demo-user.ts';
import { demoUsers } from './demo-users.ts';
import type { EngineClient } from './engine-client.ts';
import { failedLogins } from './failed-logins.ts';
import { identityDatabase } from './identity-database.ts';
import { identityKeys, publicKeys } from './identity-keys.ts';
import { loginInteraction } from './login-interaction.ts';
import { loginSteps } from './login-steps.ts';
import { oidcStore } from './oidc-store.ts';
import { oneTimeCodes } from './one-time-codes.ts';
import { providerConfiguration } from './provider-configuration.ts';

export type IdentityOptions = {
  /** Where it is reached, without a slash at the end, e.g. `http://127.0.0.1:4510/oidc`. */
  readonly issuer: string;
  /** The data folder: `demo-users.json`, `identity/keys.json` and `identity/identity.db` are kept there, all 0600. */
  readonly dataPath: string;
  readonly now: () => Date;
  readonly operatorClientId: string;
  readonly engines: readonly EngineClient[];
  /** Told about what went wrong inside; people only ever see that something did. */
  readonly onFault?: (fault: unknown) => void;
};

export type Identity = {
  /** Answers every request below the issuer's path. Gets the whole URL, as it came in. */
  readonly callback: (request: IncomingMessage, response: ServerResponse) => void;
  readonly demoUsers: readonly DemoUser[];
  /** The public keys, as served at `<issuer>/.well-known/jwks.json`. */
  readonly jwks: ReturnType<typeof publicKeys>;
  close(): void;
};

/**
 * The identity provider of one machine, in the place of Cognito: the same claims, the same flows (authorization code with PKCE for
 * people, client credentials for engines), a second factor in every login. What it knows survives a restart.
 */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { issuer, dataPath, now, operatorClientId, engines, onFault = () => undefined } = options;
  const [users, keys] = await Promise.all([demoUsers(dataPath), identityKeys(dataPath)]);
  const database = identityDatabase(dataPath);
  const store = oidcStore(database, now);
  const provider = new Provider(issuer, providerConfiguration({ store, keys, users, operatorClientId, engines }));
  provider.onerror = onFault;
  provider.on('server_error', (_ctx, fault) => onFault(fault));
  const steps = loginSteps({ users, failed: failedLogins(database, now), checkCode: oneTimeCodes(database, now) });
  const interaction = loginInteraction({ provider, users, steps, now });
  return {
    callback: mounted({ issuer, provider: provider.callback(), interaction, onFault }),
    demoUsers: users,
    jwks: publicKeys(keys),
    close: () => database.close(),
  };
}

type Parts = {
  readonly issuer: string;
  readonly provider: ReturnType<Provider['callback']>;
  readonly interaction: ReturnType<typeof loginInteraction>;
  readonly onFault: (fault: unknown) => void;
};

/**
 * Puts the provider below the path of its issuer. The Host header is replaced by the issuer's: every address it hands out is then
 * the issuer's, whatever name the caller used for this machine.
 */
function mounted({ issuer, provider, interaction, onFault }: Parts): Identity['callback'] {
  const { pathname, host } = new URL(issuer);
  return (request, response) => {
    const { url = '/' } = request;
    const answered = (async () => {
      const [, uid] = new RegExp(`^${pathname}/interaction/([\\w-]+)$`).exec(url) ?? [];
      request.headers.host = host;
      if (uid !== undefined) return interaction(request, response, uid);
      Object.assign(request, {
        originalUrl: url,
        url: url.startsWith(`${pathname}/`) ? url.slice(pathname.length) : '/',
      });
      return provider(request, response);
    })();
    answered.catch((fault: unknown) => {
      onFault(fault);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(response.writableEnded ? undefined : '{"error":"server_error"}');
    });
  };
}
