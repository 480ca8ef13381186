import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { leanAwsSdk } from '../../scripts/lean-aws-sdk.ts';

const source = `import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
export const read = async (endpoint, Key) => {
  try {
    const { Body } = await new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key }));
    return await Body.transformToString();
  } catch (error) {
    return error instanceof NoSuchKey ? 'no such key' : String(error);
  }
};`;

const bundleOf = (plugins: Plugin[]) =>
  build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    plugins,
    outfile: join(folder, 'index.cjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  });

const folder = mkdtempSync(join(tmpdir(), 'lean-'));
const authorizations: string[] = [];
const userAgents: string[] = [];
const server = createServer(({ url, headers }, response) => {
  authorizations.push(headers.authorization ?? '');
  userAgents.push(headers['user-agent'] ?? '');
  if (url?.startsWith('/b/there')) response.end('found');
  else
    response
      .writeHead(404, { 'content-type': 'application/xml' })
      .end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
});
const environment = { ...process.env };

before(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)));
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
  process.env = environment;
});

const read = async (key: string): Promise<string> =>
  createRequire(import.meta.url)(join(folder, 'index.cjs')).read(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
  );

describe('leanAwsSdk', () => {
  it('leaves the client working: it signs with the role’s credentials, reads, and knows its errors', async () => {
    await bundleOf([leanAwsSdk]);
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIAROLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    });

    assert.deepEqual([await read('there'), await read('gone')], ['found', 'no such key']);
    assert.match(String(authorizations[0]), /Credential=AKIAROLE\//);
    assert.match(String(userAgents[0]), /^aws-sdk-js\/3\.\d+\.\d+ /); // the client's version, and nothing else of its package.json
    assert.ok(!readFileSync(join(folder, 'index.cjs'), 'utf8').includes('devDependencies'));
  });

  it('says what is missing where there are no credentials', async () => {
    await bundleOf([leanAwsSdk]);
    delete process.env['AWS_ACCESS_KEY_ID'];

    assert.match(await read('there'), /no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set/);
  });

  it('takes a third off a bundle, none of it the operation in use', async () => {
    const sizeOf = async (plugins: Plugin[]) => {
      await bundleOf(plugins);
      return gzipSync(readFileSync(join(folder, 'index.cjs'))).length;
    };

    assert.ok((await sizeOf([leanAwsSdk])) < 0.67 * (await sizeOf([])));
  });
});
