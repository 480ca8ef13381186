import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Engine } from '../engine.ts';
import { ServiceError } from '../service-error.ts';
import { answer } from './answer.ts';
import { guard } from './guard.ts';

const LARGEST_BODY = 4 * 1024 * 1024;

interface Options {
  /** 0 takes a free one. */
  readonly port: number;
  readonly accessKeyId: string | undefined;
}

/** Serves the Step Functions API on 127.0.0.1 and resolves when it listens. */
export async function serveWire(
  engine: Engine,
  { port, accessKeyId }: Options,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void handle(engine, request, accessKeyId).then(({ status, error, body }) => {
      response
        .writeHead(status, {
          'content-type': 'application/x-amz-json-1.0',
          'x-amzn-requestid': randomUUID(),
          ...(error && { 'x-amzn-errortype': error }),
        })
        .end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return { server, url: `http://127.0.0.1:${bound}` };
}

async function handle(engine: Engine, request: IncomingMessage, accessKeyId: string | undefined) {
  try {
    guard(request.headers, accessKeyId);
    const target = String(request.headers['x-amz-target'] ?? '');
    return { status: 200, body: await answer(engine, target, await read(request)) };
  } catch (error) {
    const { name, message, status } = error instanceof ServiceError ? error : internal(error);
    return { status, error: name, body: { __type: name, message } };
  }
}

function internal(error: unknown) {
  return new ServiceError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new ServiceError('ValidationException', 'the request is larger than 4 MiB', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
