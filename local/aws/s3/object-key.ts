import { AwsError } from '../aws-error.ts';

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const longestKey = 1024;
const longestSegment = 255;

export type Address = { readonly bucket: string; readonly key: string | undefined };

/** Splits a path-style path, `/<bucket>` or `/<bucket>/<key>`, and refuses what must never become a file name. */
export function addressOf(pathname: string): Address {
  const slash = pathname.indexOf('/', 1);
  const bucket = slash === -1 ? pathname.slice(1) : pathname.slice(1, slash);
  if (!bucketName.test(bucket)) throw new AwsError('InvalidBucketName', `"${bucket}" is not a bucket name`);
  const encoded = slash === -1 ? '' : pathname.slice(slash + 1);
  return { bucket, key: encoded === '' ? undefined : checkKey(decode(encoded)) };
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new AwsError('InvalidURI', `"${encoded}" is not a valid encoded key`);
  }
}

/** A key becomes a path of files, so empty, `.`, `..` and hidden segments, control characters and backslashes are refused. */
export function checkKey(key: string): string {
  const segments = key.split('/');
  if (Buffer.byteLength(key) > longestKey || segments.some((segment) => Buffer.byteLength(segment) > longestSegment)) {
    throw new AwsError('KeyTooLongError', `A key has at most ${longestKey} bytes, ${longestSegment} between slashes`);
  }
  if (segments.some((segment) => segment === '' || segment.startsWith('.')) || hasForbiddenSign(key)) {
    throw new AwsError(
      'InvalidArgument',
      `Key ${JSON.stringify(key)} is refused: no empty segment, none that begins with a dot, no backslash, no control character`,
    );
  }
  return key;
}

function hasForbiddenSign(key: string): boolean {
  return [...key].some((sign) => sign === '\\' || sign === '\u007f' || sign < ' ');
}
