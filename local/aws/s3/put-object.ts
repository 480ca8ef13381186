import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { KeptHeaders, ObjectFiles } from './object-files.ts';
import { crc32Of, readContent } from './read-content.ts';

const kept = /^(content-type|content-disposition|cache-control|x-amz-meta-.+|x-amz-object-lock-.+)$/;

/** Stores an object whole, on the disk before the answer. `If-None-Match: *` creates once: a second writer gets 412. */
export async function putObject(files: ObjectFiles, bucket: string, key: string, request: Request): Promise<Response> {
  const ifNoneMatch = request.headers.get('if-none-match');
  const ifMatch = request.headers.get('if-match');
  if (ifNoneMatch !== null && ifNoneMatch !== '*') {
    throw new AwsError('NotImplemented', 'Only If-None-Match: * is served on a write', 501);
  }
  if (request.headers.has('x-amz-copy-source')) throw new AwsError('NotImplemented', 'CopyObject is not served', 501);

  const bytes = await readContent(request);
  const written = await files.write(bucket, key, bytes, keptHeaders(request.headers), { ifNoneMatch, ifMatch });
  if (!written) {
    throw new AwsError('PreconditionFailed', `${bucket}/${key} does not meet the condition of this write`, 412, {
      Condition: ifMatch === null ? 'If-None-Match' : 'If-Match',
    });
  }
  const etag = createHash('md5').update(bytes).digest('hex');
  return new Response(null, {
    headers: { etag: `"${etag}"`, 'x-amz-checksum-crc32': crc32Of(bytes).toString('base64') },
  });
}

function keptHeaders(headers: Headers): KeptHeaders {
  return Object.fromEntries([...headers].filter(([name]) => kept.test(name)));
}
