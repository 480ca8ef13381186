import { Agent, type IncomingMessage, request } from 'node:http';
import { type Cancellation, Cancelled } from '../cancellation.ts';

interface CallRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cancellation: Cancellation;
}

interface CallReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One POST to a service the engine's tasks reach. Rejects when nothing answers, or when the task was called off. */
export type Call = (request: CallRequest) => Promise<CallReply>;

const agent = new Agent({ keepAlive: true });

/**
 * Posts with node:http, since `fetch` gives up after five minutes without an answer and a Lambda may take fifteen.
 * `endpoint` may still be pending: a recovered task then waits until the host says where it listens.
 */
export function createCall(endpoint: Promise<string>, service: string, accessKeyId: string, region: string): Call {
  const credential = `Credential=${accessKeyId}/20250101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=unsigned`;
  return async ({ path, headers, body, cancellation }) => {
    const base = new URL(await endpoint);
    if (cancellation.cancelled) throw new Cancelled();
    const target = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
    return post(target, { ...headers, authorization }, body, cancellation, false);
  };
}

function post(
  target: URL,
  headers: Record<string, string>,
  body: string,
  cancellation: Cancellation,
  again: boolean,
): Promise<CallReply> {
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const sent = request(target, { method: 'POST', agent, headers: { ...headers, 'content-length': length } });
    const forget = cancellation.onCancel(() => {
      reject(new Cancelled());
      sent.destroy();
    });
    sent.on('response', (response) => {
      void read(response).then(resolve, reject).finally(forget);
    });
    sent.on('error', (error) => {
      forget();
      // a kept connection that the service closed while it was idle: nothing was received, so ask once more
      const stale = sent.reusedSocket && !again && 'code' in error && error.code === 'ECONNRESET';
      if (stale && !cancellation.cancelled) post(target, headers, body, cancellation, true).then(resolve, reject);
      else reject(error);
    });
    sent.end(body);
  });
}

async function read(response: IncomingMessage): Promise<CallReply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') };
}
