import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export type Listening = { readonly url: string; readonly port: number; close(): Promise<void> };

/** Serves a fetch-style handler on the loopback interface; port 0 picks a free one. Closing drops connections that are idle or stuck. */
export async function listen(
  handler: (request: Request) => Promise<Response> | Response,
  port: number,
): Promise<Listening> {
  const answer = getRequestListener(handler, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: actual } = addressOf(server);
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server has no port: it is not listening on TCP');
  return address;
}
