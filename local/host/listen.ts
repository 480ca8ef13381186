import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export type Door = {
  readonly port: number;
  readonly url: string;
  /** Hands requests to the listener from now on; before that they are answered 503. */
  open(listener: Listener): void;
  close(): Promise<void>;
};

/** Listens on 127.0.0.1 (port 0: any free one), so that the address is known before what it serves is built. */
export async function listen(port: number): Promise<Door> {
  let listener: Listener = notReady;
  const server = createServer((request, response) => listener(request, response));
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw portProblem(port, cause);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no TCP address');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    open: (ready) => {
      listener = ready;
    },
    close: () => close(server),
  };
}

function portProblem(port: number, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) return cause;
  const advice = 'Another control plane may be running: stop it, or start this one with --port N (0: any free port)';
  return new Error(`port ${port} of 127.0.0.1 is in use. ${advice}`, { cause });
}

function notReady(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' });
  const detail = 'The local host is still starting.';
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: 'Starting',
      status: 503,
      detail,
      code: 'Starting',
      next: 'try again in a second',
    }),
  );
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), 1000);
  await closed;
  clearTimeout(patience);
}
