import { AwsError } from '../aws-error.ts';
import { xml } from '../xml.ts';
import type { ObjectFiles } from './object-files.ts';

const known = [
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
  'x-id',
];
const largestPage = 1000;

type Entry = { readonly at: string; readonly key?: string; readonly prefix?: string };

/** ListObjectsV2: prefix, delimiter, start-after, and pages of up to 1,000 keys and common prefixes. */
export async function listObjects(files: ObjectFiles, bucket: string, query: URLSearchParams): Promise<Response> {
  refuseOtherLists(query);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = startOf(query);
  const size = pageSize(query.get('max-keys'));
  const keys = (await files.keys(bucket)).filter((key) => key.startsWith(prefix));
  const entries = fold(keys, prefix, delimiter).filter(({ at }) => compare(at, after) > 0);
  const page = entries.slice(0, size);
  const last = entries.length > page.length ? page.at(-1) : undefined;
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (key: string) => key;
  const body = xml('ListBucketResult', {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: query.has('delimiter') ? encode(delimiter) : undefined,
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: last !== undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
    NextContinuationToken: last && Buffer.from(last.at).toString('base64url'),
    StartAfter: query.get('start-after') ?? undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
    Contents: await Promise.all(page.flatMap(({ key }) => (key ? [contents(files, bucket, key, encode)] : []))),
    CommonPrefixes: page.flatMap((entry) => (entry.prefix ? [{ Prefix: encode(entry.prefix) }] : [])),
  });
  return new Response(body, { headers: { 'content-type': 'application/xml' } });
}

function refuseOtherLists(query: URLSearchParams) {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined || query.get('list-type') !== '2') {
    throw new AwsError(
      'NotImplemented',
      `Of a bucket only ListObjectsV2 is served, not ?${unknown ?? query.toString()}`,
      501,
    );
  }
}

async function contents(files: ObjectFiles, bucket: string, key: string, encode: (key: string) => string) {
  const found = await files.read(bucket, key);
  if (!found) throw new Error(`${bucket}/${key} disappeared while it was listed: objects are never deleted here`);
  return {
    Key: encode(key),
    LastModified: found.modified.toISOString(),
    ETag: `"${found.etag}"`,
    Size: found.bytes.length,
    StorageClass: 'STANDARD',
  };
}

/** Keys below the next delimiter become one common prefix. `at` is what a later page starts after: past all keys of the prefix. */
function fold(keys: readonly string[], prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = cut === -1 ? undefined : key.slice(0, cut + delimiter.length);
    entries.set(common ?? key, common === undefined ? { at: key, key } : { at: `${common}\u{10ffff}`, prefix: common });
  }
  return [...entries.values()];
}

function startOf(query: URLSearchParams): string {
  const token = query.get('continuation-token');
  return token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
}

function pageSize(given: string | null): number {
  const size = Number(given ?? largestPage);
  if (!Number.isInteger(size) || size < 0)
    throw new AwsError('InvalidArgument', `max-keys "${given}" is not a number of keys`);
  return Math.min(size, largestPage);
}

const compare = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));
const encodeKey = (key: string) => encodeURIComponent(key).replaceAll('%2F', '/');
