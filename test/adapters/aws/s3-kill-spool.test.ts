import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { rememberingSpool } from '../../../adapters/aws/remembering-spool.ts';
import { S3KillSpool } from '../../../adapters/aws/s3-kill-spool.ts';
import { FakeSpool } from '../../fakes/fake-spool.ts';
import { killSpoolContract, spooledKill } from './kill-spool.contract.ts';
import { localBucket } from './local-bucket.ts';
import { aStrategy } from './samples.ts';

const BUCKET = 'evidence-000000000000';

describe('on the local S3', () => {
  let bucket: Awaited<ReturnType<typeof localBucket>>;
  let client: S3Client;
  before(async () => {
    bucket = await localBucket(BUCKET);
    client = bucket.client;
  });
  after(() => bucket.close());

  const open = () => new S3KillSpool(client, BUCKET);
  killSpoolContract('S3KillSpool', open);
  killSpoolContract('a remembering S3KillSpool', () => rememberingSpool(open(), () => performance.now()));

  it('takes a bucket that is not there for a fault, not for an empty spool', async () => {
    await assert.rejects(new S3KillSpool(client, 'no-such-bucket').read(aStrategy().id, 0), { name: 'NoSuchBucket' });
  });
});

describe('S3KillSpool as the kill function sees S3', () => {
  const client = new S3Client({ region: 'us-east-1' });
  const s3 = mockClient(client);
  const refusal = (httpStatusCode: number) =>
    new S3ServiceException({ name: 'Said', $fault: 'client', message: 'said S3', $metadata: { httpStatusCode } });
  const { id } = aStrategy();
  const keyOf = (number: number) => `spool/${id}/${String(number).padStart(6, '0')}.json`;
  /** So many are there; who may not list the bucket is told 403 of all others. */
  const holding = (count: number) => {
    s3.on(PutObjectCommand).callsFake(({ Key }: { Key: string }) => {
      if (Key < keyOf(count)) throw refusal(412);
      return {};
    });
    s3.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
      if (Key >= keyOf(count)) throw refusal(403);
      return { Body: { transformToString: async () => JSON.stringify(spooledKill('x')) } };
    });
  };
  beforeEach(() => s3.reset());

  it('finds the end of a long spool in a few steps, remembering nothing and without a right to list', async () => {
    for (const count of [1, 2, 3, 64, 600, 1023]) {
      s3.resetHistory();
      holding(count);

      assert.equal(await new S3KillSpool(client, BUCKET).put(id, spooledKill('y')), count);

      assert.ok(s3.calls().length <= 2 * Math.ceil(Math.log2(count + 1)) + 3, `${s3.calls().length} for ${count}`);
    }
  });

  it('tries the same number again when two write it at the same moment and S3 takes neither', async () => {
    s3.on(PutObjectCommand).rejectsOnce(refusal(409)).resolves({});

    assert.equal(await new S3KillSpool(client, BUCKET).put(id, spooledKill('y')), 0);

    assert.deepEqual(
      s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => [input.Key, input.IfNoneMatch]),
      [
        [keyOf(0), '*'],
        [keyOf(0), '*'],
      ],
    );
  });

  it('gives up where every number is taken before it, and throws what else goes wrong', async () => {
    s3.on(PutObjectCommand).rejects(refusal(412)).on(GetObjectCommand).rejects(refusal(403));
    await assert.rejects(new S3KillSpool(client, BUCKET).put(id, spooledKill('y')), /contended/);

    s3.on(PutObjectCommand).rejects(refusal(500));
    await assert.rejects(new S3KillSpool(client, BUCKET).put(id, spooledKill('y')), { name: 'Said' });

    s3.on(PutObjectCommand).rejects(refusal(412)).on(GetObjectCommand).rejects(refusal(500));
    await assert.rejects(new S3KillSpool(client, BUCKET).put(id, spooledKill('y')), { name: 'Said' });
  });

  it('takes what is no kill for a fault, never for none', async () => {
    s3.on(GetObjectCommand).callsFake(() => ({ Body: { transformToString: async () => '{}' } }));

    await assert.rejects(new S3KillSpool(client, BUCKET).read(id, 0), { name: 'ZodError' });
  });
});

describe('rememberingSpool', () => {
  const watched = () => {
    const [spool, clock] = [new FakeSpool(), { ms: 0 }];
    let asked = 0;
    const read = spool.read.bind(spool);
    spool.read = (...args) => {
      asked += 1;
      return read(...args);
    };
    return { spool, clock, asked: () => asked, remembering: rememberingSpool(spool, () => clock.ms) };
  };

  it('asks again a second after it asked, not sooner', async () => {
    const { clock, remembering, asked, spool } = watched();
    const { id } = aStrategy();
    await remembering.read(id, 0);
    await spool.put(id, spooledKill('elsewhere'));
    clock.ms = 999;
    assert.equal(await remembering.read(id, 0), undefined);
    clock.ms = 1_000;

    assert.equal((await remembering.read(id, 0))?.reason, 'elsewhere');

    assert.equal(asked(), 2);
  });

  it('remembers nothing of another number, of another strategy, of what it found, or of what failed', async () => {
    const { remembering, asked, spool } = watched();
    const [one, other] = [aStrategy().id, aStrategy().id];
    await spool.put(one, spooledKill('x'));
    for (const [id, number] of [
      [one, 0],
      [one, 0],
      [one, 1],
      [other, 1],
      [other, 0],
    ] as const)
      await remembering.read(id, number);
    assert.equal(asked(), 5);

    spool.read = () => Promise.reject(new Error('down'));
    await assert.rejects(remembering.read(one, 7), /down/);
    await assert.rejects(remembering.read(one, 7), /down/);
  });
});
