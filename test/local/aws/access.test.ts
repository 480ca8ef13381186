import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createKms } from '../../../local/aws/kms/kms.ts';
import { createS3 } from '../../../local/aws/s3/s3.ts';
import { account, clientOptions, credentials, region, type Served, serveLocally } from './serve-locally.ts';
import { temporaryFolder } from './temporary-folder.ts';

const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20261123/us-east-1/kms/aws4_request, Signature=0`;

describe('access to the local AWS services', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served;
  before(async () => {
    folder = await temporaryFolder();
    served = await serveLocally(createKms({ dataPath: folder.path, region, account }).handle, { maxBodyBytes: 1000 });
  });
  after(async () => {
    await served.close();
    await folder.remove();
  });

  /** With node:http, because fetch sets Host itself. */
  const statusOf = (headers: Record<string, string>, body: string | Buffer = '{}') =>
    new Promise<{ status: number | undefined; type: unknown }>((resolve, reject) => {
      const call = request(served.url, { method: 'POST', headers: { authorization, ...headers } }, (reply) => {
        reply.resume();
        resolve({ status: reply.statusCode, type: reply.headers['x-amzn-errortype'] });
      });
      call.on('error', reject);
      call.end(body);
    });

  it('is refused to foreign host names and to pages of a browser', async () => {
    const hosts = ['evil.example:4510', '127.0.0.1.evil.example', 'localhost@evil.example'];

    const rebound = await Promise.all(hosts.map((host) => statusOf({ host })));
    const browser = await statusOf({ origin: 'http://localhost:4510' });

    assert.ok(
      [...rebound, browser].every(({ status }) => status === 403 || status === 400),
      JSON.stringify(rebound),
    );
    assert.equal(browser.type, 'AccessDeniedException');
  });

  it('is refused without a signature and with a foreign access key, in the words of AWS', async () => {
    const foreign = { accessKeyId: 'AKIASOMEBODYELSESKEY', secretAccessKey: 'x' };
    const client = new KMSClient({ ...clientOptions(served.url), credentials: foreign });
    const s3 = await serveLocally(createS3({ dataPath: folder.path }).handle, { errors: 'xml' });
    const bucket = new S3Client({ ...clientOptions(s3.url), credentials: foreign });

    await assert.rejects(client.send(new ListKeysCommand({})), { name: 'UnrecognizedClientException' });
    await assert.rejects(bucket.send(new GetObjectCommand({ Bucket: 'evidence', Key: 'x' })), {
      name: 'InvalidAccessKeyId',
    });
    assert.equal((await statusOf({ authorization: 'Bearer x' })).type, 'MissingAuthenticationTokenException');
    client.destroy();
    bucket.destroy();
    await s3.close();
  });

  it('is refused to a body over the limit, announced or streamed', async () => {
    const announced = await statusOf({}, Buffer.alloc(1001, 32));
    const streamed = await statusOf({ 'transfer-encoding': 'chunked' }, Buffer.alloc(1001, 32));

    assert.deepEqual([announced.status, streamed.status], [413, 413]);
  });

  it('tells which operations are served when asked for another', async () => {
    const client = new KMSClient(clientOptions(served.url));

    await assert.rejects(client.send(new ListKeysCommand({})), {
      name: 'UnknownOperationException',
      message: /GetPublicKey/,
    });
    client.destroy();
  });
});
