import { AwsError } from '../aws-error.ts';
import type { FetchHandler } from '../fetch-handler.ts';
import { xmlError } from '../xml-error.ts';
import { getObject } from './get-object.ts';
import { listObjects } from './list-objects.ts';
import { type ObjectFiles, objectFiles } from './object-files.ts';
import { type Address, addressOf } from './object-key.ts';
import { putObject } from './put-object.ts';

export type S3 = {
  readonly handle: FetchHandler;
  /** Creates the bucket unless it exists; the template's buckets are made this way when the host starts. */
  ensureBucket(bucket: string): Promise<void>;
};

/** S3 for evidence: put, get, head and list, path style, create-once writes. Nothing is ever deleted; versions and Object Lock exist on AWS only. */
export function createS3({ dataPath }: { readonly dataPath: string }): S3 {
  const files = objectFiles(dataPath);
  return {
    async handle(request) {
      try {
        const { pathname, searchParams } = new URL(request.url);
        const address = addressOf(pathname);
        await files.requireBucket(address.bucket);
        return await answer(files, address, searchParams, request);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return request.method === 'HEAD' ? new Response(null, { status: error.status }) : xmlError(error);
      }
    },
    async ensureBucket(bucket) {
      addressOf(`/${bucket}`);
      await files.ensureBucket(bucket);
    },
  };
}

function answer(files: ObjectFiles, { bucket, key }: Address, query: URLSearchParams, request: Request) {
  if (request.method === 'DELETE' || query.has('delete')) throw neverDeleted();
  if (key === undefined) return ofBucket(files, bucket, query, request.method);
  const unknown = [...query.keys()].find((name) => name !== 'x-id');
  if (unknown !== undefined) throw new AwsError('NotImplemented', `?${unknown} of an object is not served here`, 501);
  switch (request.method) {
    case 'PUT':
      return putObject(files, bucket, key, request);
    case 'GET':
      return getObject(files, bucket, key, true);
    case 'HEAD':
      return getObject(files, bucket, key, false);
    default:
      throw new AwsError('MethodNotAllowed', `${request.method} of an object is not served here`, 405);
  }
}

function ofBucket(files: ObjectFiles, bucket: string, query: URLSearchParams, method: string) {
  if (method === 'GET') return listObjects(files, bucket, query);
  if (method === 'HEAD') return new Response(null);
  throw new AwsError('MethodNotAllowed', 'Buckets are made from the template; only HEAD and listing are served', 405);
}

const neverDeleted = () => new AwsError('AccessDenied', 'Objects here are evidence: nobody can delete one', 403);
