import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { inTurn } from '../in-turn.ts';
import { writeDurably } from '../write-durably.ts';

/** Response headers kept with an object: content type, user metadata, retention. */
const KeptHeaders = z.record(z.string(), z.string());
export type KeptHeaders = z.infer<typeof KeptHeaders>;

export type StoredObject = {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modified: Date;
  readonly headers: KeptHeaders;
};

export type PutCondition = { readonly ifNoneMatch: string | null; readonly ifMatch: string | null };

const mode = 0o600;

/**
 * Objects as plain files `<bucket>/<key>` that a person can read. Their headers lie beside the buckets, in `.headers/`, by the digest
 * of the content they belong to: a crash between the two writes can therefore never give an object the headers of another.
 */
export function objectFiles(root: string) {
  const turn = inTurn();
  const pathOf = (bucket: string, key: string) => join(root, bucket, ...key.split('/'));
  const headersOf = (bucket: string, key: string, etag: string) =>
    join(root, '.headers', bucket, ...key.split('/'), `${etag}.json`);

  async function requireBucket(bucket: string) {
    const found = await stat(join(root, bucket)).catch(() => undefined);
    if (!found?.isDirectory()) throw new AwsError('NoSuchBucket', `The bucket ${bucket} does not exist`, 404);
  }

  async function read(bucket: string, key: string): Promise<StoredObject | undefined> {
    try {
      const path = pathOf(bucket, key);
      const [bytes, { mtime }] = await Promise.all([readFile(path), stat(path)]);
      const etag = etagOf(bytes);
      const headers = await readFile(headersOf(bucket, key, etag), 'utf8').catch(() => '{}');
      return { bytes, etag, modified: mtime, headers: KeptHeaders.parse(JSON.parse(headers)) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** False when the condition does not hold. */
  function write(
    bucket: string,
    key: string,
    bytes: Buffer,
    headers: KeptHeaders,
    condition: PutCondition,
  ): Promise<boolean> {
    return turn(`${bucket}/${key}`, async () => {
      if (!meets(condition, await read(bucket, key))) return false;
      const once = condition.ifNoneMatch === '*';
      const text = Buffer.from(JSON.stringify(headers));
      await writeDurably(headersOf(bucket, key, etagOf(bytes)), text, { mode });
      return writeDurably(pathOf(bucket, key), bytes, { mode, once }).catch(refuseFileAsFolder);
    });
  }

  return {
    requireBucket,
    read,
    write,
    ensureBucket: (bucket: string) => mkdir(join(root, bucket), { recursive: true, mode: 0o700 }),
    /** All keys of the bucket in the order of S3, which is that of their UTF-8 bytes. */
    async keys(bucket: string): Promise<string[]> {
      const entries = await readdir(join(root, bucket), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(join(root, bucket).length + 1)
            .replaceAll('\\', '/'),
        )
        .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    },
  };
}

export type ObjectFiles = ReturnType<typeof objectFiles>;

function meets({ ifNoneMatch, ifMatch }: PutCondition, before: StoredObject | undefined): boolean {
  if (ifNoneMatch === '*') return before === undefined;
  return ifMatch === null || `"${before?.etag}"` === ifMatch;
}

const etagOf = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code));
}

/** On S3 `a` and `a/b` can both be objects; here one of them is a folder. */
function refuseFileAsFolder(error: unknown): never {
  if (error instanceof Error && 'code' in error && ['ENOTDIR', 'EISDIR', 'EEXIST'].includes(String(error.code))) {
    throw new AwsError(
      'InvalidArgument',
      'Part of this key is an object itself; on one machine an object cannot be a folder too',
    );
  }
  throw error;
}
