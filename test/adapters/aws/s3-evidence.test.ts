import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { S3Evidence } from '../../../adapters/aws/s3-evidence.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { evidenceContract } from './evidence.contract.ts';
import { localBucket } from './local-bucket.ts';

const BUCKET = 'evidence-000000000000';

describe('on the local S3', () => {
  let bucket: Awaited<ReturnType<typeof localBucket>>;
  let client: S3Client;
  before(async () => {
    bucket = await localBucket(BUCKET);
    client = bucket.client;
  });
  after(() => bucket.close());

  evidenceContract('S3Evidence', () => new S3Evidence(client, BUCKET));

  it('takes a bucket that is not there for a fault, not for missing evidence', async () => {
    await assert.rejects(new S3Evidence(client, 'no-such-bucket').read('a.json'), { name: 'NoSuchBucket' });
  });
});

describe('S3Evidence against what the local S3 never does', () => {
  const client = new S3Client({ region: 'us-east-1' });
  const s3 = mockClient(client);
  const evidence = new S3Evidence(client, BUCKET);
  const answer = (name: string, httpStatusCode: number) =>
    new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });
  const atTheSameTime = answer('ConditionalRequestConflict', 409);
  beforeEach(() => s3.reset());

  it('tries again when another writer was at it in the same moment', async () => {
    s3.on(PutObjectCommand).rejectsOnce(atTheSameTime).resolves({});

    assert.equal(await evidence.createOnce('a', 'text'), digestOfBytes('text'));
    assert.deepEqual(
      s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input.IfNoneMatch),
      ['*', '*'],
    );
  });

  it('gives up when that goes on, and passes on every other fault at once', async () => {
    s3.on(PutObjectCommand).rejects(atTheSameTime);
    await assert.rejects(evidence.createOnce('a', 'text'), atTheSameTime);

    const denied = answer('AccessDenied', 403);
    s3.on(PutObjectCommand).rejects(denied);
    s3.on(GetObjectCommand).rejects(denied);
    await assert.rejects(evidence.createOnce('a', 'text'), denied);
    await assert.rejects(evidence.read('a'), denied);
  });

  it('takes a key that is gone for another version, and insists on an ETag to replace by', async () => {
    const before = { key: 'a', bytes: new Uint8Array(), hash: digestOfBytes(''), storedAt: '2026-11-24T12:00:00.000Z' };
    s3.on(PutObjectCommand).rejects(answer('NoSuchKey', 404));

    assert.equal(await evidence.replace('a', 'text', { ...before, etag: '"1"' }), undefined);
    await assert.rejects(evidence.replace('a', 'text', undefined), { name: 'NoSuchKey' });
    await assert.rejects(evidence.replace('a', 'text', before), /no ETag/);
  });

  it('lists over as many pages as there are', async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [{ Key: 'a' }, {}], IsTruncated: true, NextContinuationToken: 'more' })
      .resolvesOnce({ Contents: [{ Key: 'b' }] });

    assert.deepEqual(await evidence.list(''), ['a', 'b']);
  });

  it('reads an object without a body or a date as empty, and of the oldest time there is', async () => {
    s3.on(GetObjectCommand).resolves({});

    assert.deepEqual(await evidence.read('a'), {
      key: 'a',
      bytes: new Uint8Array(),
      hash: digestOfBytes(''),
      storedAt: '1970-01-01T00:00:00.000Z',
    });
  });
});
