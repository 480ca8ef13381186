import { AwsError } from '../aws-error.ts';
import type { ObjectFiles } from './object-files.ts';
import { crc32Of } from './read-content.ts';

/** Reads an object whole (ranges are not served: the answer is 200 with everything, as HTTP allows). HEAD is the same without the body. */
export async function getObject(files: ObjectFiles, bucket: string, key: string, withBody: boolean): Promise<Response> {
  const found = await files.read(bucket, key);
  if (!found && !withBody) return new Response(null, { status: 404 });
  if (!found) throw new AwsError('NoSuchKey', `The key ${key} does not exist in ${bucket}`, 404, { Key: key });
  const { bytes, etag, modified, headers } = found;
  return new Response(withBody ? bytes : null, {
    headers: {
      'content-type': 'binary/octet-stream',
      ...headers,
      'content-length': String(bytes.length),
      etag: `"${etag}"`,
      'last-modified': modified.toUTCString(),
      'x-amz-checksum-crc32': crc32Of(bytes).toString('base64'),
      'x-amz-checksum-type': 'FULL_OBJECT',
    },
  });
}
