import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { guardAccess } from '../../../local/aws/access.ts';
import type { FetchHandler } from '../../../local/aws/fetch-handler.ts';
import { hasDotSegments } from '../../../local/aws/has-dot-segments.ts';

export const credentials = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'not checked' };
export const region = 'us-east-1';
export const account = '000000000000';

export type Served = { readonly url: string; close(): Promise<void> };

/** Serves one local service behind its guard on a free port, under a path prefix, as the host does. */
export async function serveLocally(
  handle: FetchHandler,
  { errors = 'json', maxBodyBytes = 8_000_000 }: { errors?: 'json' | 'xml'; maxBodyBytes?: number } = {},
): Promise<Served> {
  const guarded = guardAccess(handle, { accessKeyId: credentials.accessKeyId, maxBodyBytes, errors });
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request: Request, env) => {
      if (hasDotSegments((env as HttpBindings).incoming.url ?? '')) return new Response(null, { status: 400 });
      return guarded(new Request(request.url.replace('/aws/service', ''), request));
    },
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/aws/service`,
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What every official client of the tests is made with: no retries, so that a test sees each answer. */
export const clientOptions = (endpoint: string) => ({ endpoint, region, credentials, maxAttempts: 1 });
