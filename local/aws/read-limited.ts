import { AwsError } from './aws-error.ts';

/** The same request with its body read into memory, or a refusal as soon as the body proves larger than `maxBytes`. */
export async function readLimited(request: Request, maxBytes: number): Promise<Request> {
  const { url, method, headers } = request;
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) return new Request(url, { method, headers });

  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}

const tooLarge = (maxBytes: number) =>
  new AwsError('RequestEntityTooLargeException', `The body is larger than ${maxBytes} bytes; send less`, 413);
