import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createS3 } from '../../../../local/aws/s3/s3.ts';
import { clientOptions, credentials, type Served, serveLocally } from '../serve-locally.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const Bucket = 'evidence-000000000000';

describe('the local S3', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served;
  let client: S3Client;

  before(async () => {
    folder = await temporaryFolder();
    const s3 = createS3({ dataPath: folder.path });
    await s3.ensureBucket(Bucket);
    await s3.ensureBucket('listing');
    served = await serveLocally(s3.handle, { errors: 'xml' });
    client = new S3Client(clientOptions(served.url));
  });
  after(async () => {
    client.destroy();
    await served.close();
    await folder.remove();
  });

  const put = (Key: string, Body: string | Readable, more: Partial<PutObjectCommandInput> = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

  it('stores an object with its type and metadata, as a plain file', async () => {
    await put('runs/launch-1/plan.json', '{"a":1}', { ContentType: 'application/json', Metadata: { run: 'launch-1' } });

    const got = await client.send(
      new GetObjectCommand({ Bucket, Key: 'runs/launch-1/plan.json', ChecksumMode: 'ENABLED' }),
    );
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'runs/launch-1/plan.json' }));

    assert.equal(await got.Body?.transformToString(), '{"a":1}');
    assert.deepEqual([got.ContentType, got.Metadata], ['application/json', { run: 'launch-1' }]);
    assert.deepEqual([head.ContentLength, head.ETag], [7, got.ETag]);
    assert.equal(await readFile(join(folder.path, Bucket, 'runs/launch-1/plan.json'), 'utf8'), '{"a":1}');
  });

  it('lets one of 20 racing creators win, and keeps what the winner wrote', async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => `writer ${index}`);

    const results = await Promise.allSettled(bodies.map((body) => put('manifest.json', body, { IfNoneMatch: '*' })));

    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [bodies[index]] : []));
    assert.deepEqual([winners.length, await text('manifest.json')], [1, winners[0]]);
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    assert.deepEqual([...new Set(lost)], ['PreconditionFailed']);
    await assert.rejects(put('manifest.json', 'late', { IfNoneMatch: '*' }), (error) => {
      assert.ok(error instanceof S3ServiceException);
      return error.$metadata.httpStatusCode === 412;
    });
  });

  it('replaces an object only under the If-Match that fits', async () => {
    const { ETag } = await put('matched', 'one');

    await assert.rejects(put('matched', 'three', { IfMatch: '"other"' }), { name: 'PreconditionFailed' });
    await put('matched', 'two', { IfMatch: ETag });

    assert.equal(await text('matched'), 'two');
  });

  it('unpacks streams sent in aws-chunked form and checks their trailing checksum', async () => {
    const content = Buffer.alloc(200_000, 'market data ');
    const stream = Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]);

    await put('bars.csv', stream, { ContentLength: content.length, ChecksumAlgorithm: 'SHA256' });

    assert.deepEqual(Buffer.from((await text('bars.csv')) ?? ''), content);
  });

  it('refuses a body that is not the one its checksum names', async () => {
    await assert.rejects(put('broken', 'x', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }), { name: 'BadDigest' });
    await assert.rejects(put('broken', 'x', { ChecksumCRC32: 'AAAAAA==' }), { name: 'BadDigest' });
    await assert.rejects(text('broken'), { name: 'NoSuchKey' });
  });

  it('refuses what is missing, by the names of AWS', async () => {
    const gone = new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'x' });

    await assert.rejects(client.send(gone), { name: 'NoSuchBucket' });
    await assert.rejects(text('nothing'), { name: 'NoSuchKey' });
    await assert.rejects(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' })), { name: 'NotFound' });
    await client.send(new HeadBucketCommand({ Bucket }));
  });

  it('refuses an object that would be a folder too, and keys too long for a file', async () => {
    await put('runs/whole', 'x');

    await assert.rejects(put('runs/whole/part', 'x'), { name: 'InvalidArgument', message: /folder/ });
    await assert.rejects(put('runs', 'x'), { name: 'InvalidArgument', message: /folder/ });
    await assert.rejects(put('k'.repeat(256), 'x'), { name: 'KeyTooLongError' });
  });

  it('refuses what it would otherwise ignore: versions, copies, other lists, unknown checksums', async () => {
    const answers = await Promise.allSettled([
      client.send(new GetObjectCommand({ Bucket, Key: 'x', VersionId: '1' })),
      client.send(new CopyObjectCommand({ Bucket, Key: 'y', CopySource: `${Bucket}/x` })),
      client.send(new ListObjectVersionsCommand({ Bucket })),
      put('x', 'x', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }),
    ]);

    const names = answers.map((answer) => (answer.status === 'rejected' ? answer.reason.name : 'accepted'));
    assert.deepEqual(names, Array(4).fill('NotImplemented'));
  });

  it('never deletes', async () => {
    await put('kept', 'evidence');

    await assert.rejects(client.send(new DeleteObjectCommand({ Bucket, Key: 'kept' })), { name: 'AccessDenied' });
    const many = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'kept' }] } });
    await assert.rejects(client.send(many), { name: 'AccessDenied' });

    assert.equal(await text('kept'), 'evidence');
  });

  it('refuses keys that would leave the bucket or hide, also in raw and encoded paths', async () => {
    for (const Key of ['.hidden', 'a/.b', 'a//b', 'a/', 'a\\b', 'a\nb']) await assert.rejects(put(Key, 'x'), Key);
    const raw = ['/../../x', '/a/../../x', '/%2e%2e/x', '/..%2fx', '/a/./b', '/a%2f..%2fb'];

    const statuses = await Promise.all(raw.map((path) => putRaw(`${served.url}/${Bucket}`, path)));

    assert.deepEqual(
      statuses,
      raw.map(() => 400),
    );
  });

  it('lists in the order of bytes, in pages, by prefix and by folder', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `runs/${String(index).padStart(2, '0')}/done & "<ok>".json`);
    for (const Key of [...keys, 'top.json'])
      await client.send(new PutObjectCommand({ Bucket: 'listing', Key, Body: 'x' }));

    const pages: string[][] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client, pageSize: 10 },
      { Bucket: 'listing', Prefix: 'runs/' },
    )) {
      pages.push(Contents.map(({ Key }) => Key ?? ''));
    }
    const folders = await client.send(new ListObjectsV2Command({ Bucket: 'listing', Delimiter: '/' }));
    const below = await client.send(
      new ListObjectsV2Command({ Bucket: 'listing', Prefix: 'runs/', Delimiter: '/', MaxKeys: 20 }),
    );
    const rest = await client.send(
      new ListObjectsV2Command({
        Bucket: 'listing',
        Prefix: 'runs/',
        Delimiter: '/',
        ContinuationToken: below.NextContinuationToken,
      }),
    );

    assert.deepEqual([pages.map((page) => page.length), pages.flat()], [[10, 10, 5], keys]);
    assert.deepEqual(
      [folders.CommonPrefixes?.map(({ Prefix }) => Prefix), folders.Contents?.map(({ Key }) => Key)],
      [['runs/'], ['top.json']],
    );
    assert.deepEqual([below.CommonPrefixes?.length, rest.CommonPrefixes?.length, rest.IsTruncated], [20, 5, false]);
  });
});

/** Sends the path as it is: every HTTP client with a URL parser would tidy it first. */
function putRaw(base: string, path: string): Promise<number | undefined> {
  const { hostname, port, pathname } = new URL(base);
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20261123/us-east-1/s3/aws4_request, Signature=0`;
  return new Promise((resolve, reject) => {
    const call = request(
      { hostname, port, path: pathname + path, method: 'PUT', headers: { authorization } },
      (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      },
    );
    call.on('error', reject);
    call.end('x');
  });
}
