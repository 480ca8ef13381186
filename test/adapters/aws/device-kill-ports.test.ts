import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoRecords } from '../../../adapters/aws/dynamo-records.ts';
import { ShippedDeviceKeys } from '../../../adapters/aws/shipped-device-keys.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';
import { createS3 } from '../../../local/aws/s3/s3.ts';
import { eventually } from '../../../rehearsal/eventually.ts';
import { device } from '../../fakes/device.ts';
import { type Served, serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { localTables, tables } from './local-tables.ts';
import { pointAt } from './point-at.ts';
import { AT } from './samples.ts';

const BUCKET = 'evidence-000000000000';
type Answer = (request: Request) => Promise<Response> | Response;

describe('deviceKillPorts', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let local: Awaited<ReturnType<typeof localTables>>;
  let evidence: Served;
  let proxy: Listening;
  let ports: typeof import('../../../adapters/aws/device-kill-ports.ts')['deviceKillPorts'];
  let shipped: ShippedDeviceKeys;
  let store: Answer;
  let dynamoUrl = '';
  let names = 0;
  const forward: Answer = async (request) =>
    fetch(dynamoUrl, { method: 'POST', headers: request.headers, body: await request.text() });
  const hangs: Answer = () => new Promise<never>(() => undefined);

  before(async () => {
    folder = await temporaryFolder();
    local = await localTables();
    dynamoUrl = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
    const s3 = createS3({ dataPath: join(folder.path, 's3') });
    await s3.ensureBucket(BUCKET);
    evidence = await serveLocally(s3.handle, { errors: 'xml' });
    store = forward;
    proxy = await listen((request) => store(request), 0);
    pointAt('DYNAMODB', proxy.url);
    pointAt('S3', evidence.url);
    Object.assign(process.env, {
      CONTROL_TABLE: tables.control,
      LEDGER_TABLE: tables.ledger,
      EVIDENCE_BUCKET: BUCKET,
      TOKEN_ISSUER: 'http://127.0.0.1:1/issuer',
    });
    ({ deviceKillPorts: ports } = await import('../../../adapters/aws/device-kill-ports.ts'));
    shipped = new ShippedDeviceKeys(new S3Client({}), BUCKET);
  });
  after(async () => {
    await Promise.all([proxy.close(), evidence.close()]);
    await local.close();
    await folder.remove();
  });
  beforeEach(() => {
    store = forward;
    names += 1;
  });

  const stored = async (over: Parameters<typeof device>[1] = {}) => {
    const { key } = device(`device-${names}`, over);
    await new DynamoRecords(local.dynamo, tables, () => AT).put({ kind: 'CREDENTIAL', record: key });
    return key;
  };

  it('know a key as the store says it, and that there is none', async () => {
    const key = await stored();

    assert.deepEqual(await ports.deviceKeyOf(key.id), key);
    assert.equal(await ports.deviceKeyOf('device:nobody'), undefined);
  });

  it('see a revocation at once', async () => {
    const { id } = await stored();
    await ports.deviceKeyOf(id);

    await stored({ status: 'revoked', revokedAt: AT.toISOString() });

    assert.equal((await ports.deviceKeyOf(id))?.status, 'revoked');
  });

  for (const [what, answer] of [
    ['hangs', hangs],
    ['fails', () => new Response('{"__type":"InternalServerError"}', { status: 500 })],
  ] as const) {
    it(`remember a key while the store ${what}, and wait hardly for it`, async () => {
      const key = await stored();
      await ports.deviceKeyOf(key.id);
      store = answer;
      const began = performance.now();

      const found = await ports.deviceKeyOf(key.id);

      assert.deepEqual([found, performance.now() - began < 2_000], [key, true]);
    });
  }

  it('know keys that they were never asked for, once they have learned them', async () => {
    const key = await stored();
    ports.prepare();

    await eventually(
      'what is known with the store away',
      async () => {
        store = (request) =>
          request.headers.get('x-amz-target')?.endsWith('GetItem') ? hangs(request) : forward(request);
        const found = await ports.deviceKeyOf(key.id).catch(() => undefined);
        store = forward;
        return found?.id;
      },
      (id) => id === key.id,
    );
  });

  it('find a key that was shipped, when the store is away and nobody remembers it; a revoked one is revoked in whatever order it was shipped', async () => {
    const { key } = device(`device-${names}`);
    const revoked = { ...key, status: 'revoked' as const };
    await shipped.ship(key);
    store = hangs;
    const first = await ports.deviceKeyOf(key.id);

    await shipped.ship(revoked);
    await shipped.ship(key);

    assert.deepEqual([first, await shipped.read(key.id)], [key, revoked]);
  });

  it('cannot tell when the store is away and nothing was shipped, which is no refusal', async () => {
    store = hangs;

    await assert.rejects(ports.deviceKeyOf('device:nobody'), { name: 'Error', message: /neither be read nor/ });
  });

  it('take a nonce once: this sandbox, and another one through the store', async () => {
    const { takeNonceIn } = await import('../../../adapters/aws/dynamo-nonces.ts');
    const another = takeNonceIn(local.dynamo, tables);
    const ids = [`device:a/${names}-1`, `device:a/${names}-2`] as const;

    assert.deepEqual([await ports.takeNonce(ids[0]), await ports.takeNonce(ids[0])], [true, false]);
    assert.deepEqual([await another(ids[1], AT), await ports.takeNonce(ids[1])], [true, false]);
  });

  it('take a nonce while the store hangs: a kill that comes twice only reaffirms', async () => {
    store = hangs;
    const began = performance.now();

    assert.equal(await ports.takeNonce(`device:a/${names}`), true);

    assert.ok(performance.now() - began < 2_000);
    assert.equal(await ports.takeNonce(`device:a/${names}`), false, 'not even then twice in the same sandbox');
  });
});
