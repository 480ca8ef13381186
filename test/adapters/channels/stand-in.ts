import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from 'node:test';

export type Asked = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
export type Answering = (response: ServerResponse, asked: Asked) => void;

/** An answer with a status, a body and headers. */
export const answering =
  (status: number, body = '', headers: Record<string, string> = {}): Answering =>
  (response) =>
    response.writeHead(status, headers).end(body);

/** Takes the request and says nothing, until the server is closed. */
export const silent: Answering = () => undefined;

/** Begins an answer and never ends it: a byte now and then, so that no timeout between bytes helps. */
export const trickling: Answering = (response) => {
  response.writeHead(200, { 'content-type': 'text/plain' });
  const drip = setInterval(() => response.write('.'), 5);
  response.on('close', () => clearInterval(drip));
};

/** An answer without end, as fast as it is read. */
export const endless: Answering = (response) => {
  response.writeHead(200);
  const fill = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.on('drain', fill);
  fill();
};

/** Hangs up without an answer. */
export const hangingUp: Answering = (response) => response.destroy();

/** How the tests of the calling file open servers that stand in for a provider, on real sockets; those of a test are closed after it. */
export function standIns() {
  const open: Server[] = [];
  afterEach(async () => {
    await Promise.all(
      open.splice(0).map((server) => {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        return closed;
      }),
    );
  });
  return async (answer: Answering) => {
    const asked: Asked[] = [];
    const serve = async (request: IncomingMessage, response: ServerResponse) => {
      const { method, url: path, headers } = request;
      const one = { method, path, headers, body: await text(request) };
      asked.push(one);
      answer(response, one);
    };
    const server = createServer((request, response) => void serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(server);
    const address = server.address();
    const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    return { url: `http://${host}`, host, asked };
  };
}

/** An address of this machine where nobody listens. */
export async function nobodyAt(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
