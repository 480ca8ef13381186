import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { createIdentity, type Identity } from '../../../local/identity/create-identity.ts';

export const CLIENT_ID = 'operators';
export const ENGINE = { clientId: 'btc-momentum-1', clientSecret: 'a-secret-of-this-engine' };

/** The identity provider behind a real port, as the host mounts it. Time stands still (for the provider's own clock as well) unless a test lets it pass. */
export async function startIdentity() {
  const dataPath = await mkdtemp(join(tmpdir(), 'identity-'));
  const faults: unknown[] = [];
  let identity: Identity | undefined;
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const now = () => new Date();
  const server = createServer((request, response) => {
    if (identity) identity.callback(request, response);
    else response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oidc`;
  const open = async () => {
    const made = await createIdentity({
      issuer,
      dataPath,
      now,
      operatorClientId: CLIENT_ID,
      engines: [ENGINE],
      onFault: (fault) => faults.push(fault),
    });
    identity = made;
    return made;
  };
  await open();
  return {
    issuer,
    dataPath,
    faults,
    now,
    pass: (ms: number) => mock.timers.setTime(Date.now() + ms),
    user(name: string) {
      const found = identity?.demoUsers.find((each) => each.name === name);
      if (!found) throw new Error(`no demo user ${name}`);
      return found;
    },
    identity: () => identity!,
    /** Ends it and starts it again from its data folder. */
    async restart() {
      identity?.close();
      return open();
    },
    /** Nobody answers any more. */
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async end() {
      server.closeAllConnections();
      server.close();
      identity?.close();
      mock.timers.reset();
      await rm(dataPath, { recursive: true, force: true });
    },
  };
}

export type IdentityServer = Awaited<ReturnType<typeof startIdentity>>;
