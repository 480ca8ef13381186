import { AwsError } from '../aws-error.ts';

export type Decoded = { readonly bytes: Buffer; readonly trailers: Headers };

/**
 * Unpacks an `aws-chunked` body: `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n` until size 0, then trailer lines such as
 * `x-amz-checksum-crc32:<base64>`. Anything malformed or cut off is refused.
 */
export function decodeChunked(body: Buffer): Decoded {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const [, hex] = /^([0-9a-f]{1,8})(?:;[^\r\n]*)?$/i.exec(end === -1 ? '' : body.toString('latin1', at, end)) ?? [];
    if (hex === undefined) throw incomplete();
    const size = Number.parseInt(hex, 16);
    at = end + 2;
    if (size === 0) return { bytes: Buffer.concat(chunks), trailers: readTrailers(body.toString('latin1', at)) };
    if (body.toString('latin1', at + size, at + size + 2) !== '\r\n') throw incomplete();
    chunks.push(body.subarray(at, at + size));
    at += size + 2;
  }
}

function readTrailers(text: string): Headers {
  const trailers = new Headers();
  for (const line of text.split('\r\n').filter((one) => one !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1) throw incomplete();
    trailers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return trailers;
}

const incomplete = () => new AwsError('IncompleteBody', 'The aws-chunked body is malformed or cut off; send it again');
