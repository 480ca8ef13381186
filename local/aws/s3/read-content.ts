import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws-error.ts';
import { decodeChunked } from './decode-chunked.ts';

const hash = (algorithm: string) => (bytes: Buffer) => createHash(algorithm).update(bytes).digest();

const checksums: Record<string, (bytes: Buffer) => Buffer> = {
  'x-amz-checksum-crc32': crc32Of,
  'x-amz-checksum-sha1': hash('sha1'),
  'x-amz-checksum-sha256': hash('sha256'),
  'content-md5': hash('md5'),
};

/** The object's bytes as they were meant: unpacked, of the promised length, and checked against every digest the request carries. */
export async function readContent(request: Request): Promise<Buffer> {
  const body = Buffer.from(await request.arrayBuffer());
  const { headers } = request;
  const promised = headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const packed = promised.startsWith('STREAMING-') || (headers.get('content-encoding') ?? '').includes('aws-chunked');
  const { bytes, trailers } = packed ? decodeChunked(body) : { bytes: body, trailers: new Headers() };

  checkLength(bytes, headers.get('x-amz-decoded-content-length'));
  if (/^[0-9a-f]{64}$/.test(promised) && hash('sha256')(bytes).toString('hex') !== promised) {
    throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not the one that was signed');
  }
  for (const [name, value] of [...headers, ...trailers]) checkDigest(bytes, name, value);
  return bytes;
}

/** The CRC32 that clients compare with `x-amz-checksum-crc32`. */
export function crc32Of(bytes: Buffer): Buffer {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest;
}

function checkLength(bytes: Buffer, promised: string | null) {
  if (promised !== null && Number(promised) !== bytes.length) {
    throw new AwsError('IncompleteBody', `${promised} bytes were promised and ${bytes.length} came; send it again`);
  }
}

const notDigests = ['x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode'];

function checkDigest(bytes: Buffer, name: string, value: string) {
  const digest = checksums[name];
  if (digest && digest(bytes).toString('base64') !== value) {
    throw new AwsError('BadDigest', `The body does not have the ${name} that the request names; send it again`);
  }
  if (!digest && name.startsWith('x-amz-checksum-') && !notDigests.includes(name)) {
    throw new AwsError('NotImplemented', `${name} cannot be checked here; use CRC32, SHA1 or SHA256`, 501);
  }
}
