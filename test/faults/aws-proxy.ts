import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/**
 * What becomes of requests. refuses: the connection breaks. fails: 500, and nothing was done. hangs: it is taken, and neither done
 * nor answered. withholds: it is done, and not answered. (What hangs breaks as soon as the service is well again.)
 */
export type ServiceFault = 'refuses' | 'fails' | 'hangs' | 'withholds';

/** One AWS service as the functions reach it. */
export type AwsProxy = {
  readonly port: number;
  /** Where the service really is; requests that came before wait for it. */
  leadTo(url: string): void;
  becomes(fault: ServiceFault | 'well'): void;
  close(): Promise<void>;
};

export async function awsProxy(): Promise<AwsProxy> {
  const agent = new Agent({ keepAlive: true });
  const waiting = new Set<ServerResponse>();
  let target = Promise.withResolvers<URL>();
  let isKnown = false;
  let state: ServiceFault | 'well' = 'well';

  const hold = (response: ServerResponse) => void waiting.add(response);
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (state === 'refuses') return void incoming.socket.destroy();
    if (state === 'hangs') return hold(response);
    if (state === 'fails') return void response.writeHead(500).end('{}');
    const { protocol, hostname, port, pathname } = await target.promise;
    const base = pathname === '/' ? '' : pathname;
    const headers = { ...incoming.headers, host: `${hostname}:${port}` };
    const options = { agent, protocol, hostname, port, path: base + incoming.url, method: incoming.method, headers };
    const onward = request(options, (reply) => {
      if (state === 'hangs' || state === 'withholds') {
        reply.resume();
        return hold(response);
      }
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  };
  const server = createServer((incoming, response) => void answer(incoming, response));
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    leadTo(url) {
      if (isKnown) target = Promise.withResolvers<URL>();
      isKnown = true;
      target.resolve(new URL(url));
    },
    becomes(fault) {
      state = fault;
      if (fault !== 'refuses' && fault !== 'well') return;
      for (const response of waiting) response.destroy();
      waiting.clear();
    },
    async close() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
