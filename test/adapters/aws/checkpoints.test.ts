import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoCheckpoints } from '../../../adapters/aws/dynamo-checkpoints.ts';
import { DynamoLedger } from '../../../adapters/aws/dynamo-ledger.ts';
import { DynamoStrategies } from '../../../adapters/aws/dynamo-strategies.ts';
import { kmsCheckpointKeys } from '../../../adapters/aws/kms-checkpoint-keys.ts';
import { S3Evidence } from '../../../adapters/aws/s3-evidence.ts';
import { s3LedgerArchive } from '../../../adapters/aws/s3-ledger-archive.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { createKms } from '../../../local/aws/kms/kms.ts';
import { account, region, type Served, serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { checkpointsContract } from './checkpoints.contract.ts';
import { localBucket } from './local-bucket.ts';
import { localTables, tables } from './local-tables.ts';
import { pointAt } from './point-at.ts';

const LOG = LogId.parse('btc-momentum');
const KEYS = ['5f0c7a52-0000-4000-8000-000000000001', '5f0c7a52-0000-4000-8000-000000000002'];

let store: Awaited<ReturnType<typeof localTables>>;
before(async () => {
  store = await localTables();
});
after(() => store.close());

checkpointsContract('DynamoCheckpoints', () => ({
  checkpoints: new DynamoCheckpoints(store.dynamo, tables),
  ledger: new DynamoLedger(store.dynamo, tables, async () => undefined),
  strategies: new DynamoStrategies(store.dynamo, tables),
}));

describe('checkpoints in the store', () => {
  it('are told from a store that cannot be written', async () => {
    const checkpoints = new DynamoCheckpoints(store.dynamo, { ...tables, ledger: 'no-such-table' });

    await assert.rejects(checkpoints.keep(LOG, { size: 1, note: 'n', range: [] }), {
      name: 'ResourceNotFoundException',
    });
  });
});

describe('the archive and the keys on the local services', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served;
  let bucket: Awaited<ReturnType<typeof localBucket>>;
  before(async () => {
    folder = await temporaryFolder();
    const kms = createKms({ dataPath: join(folder.path, 'kms'), region, account });
    await Promise.all(KEYS.map((id) => kms.ensureKey(id)));
    bucket = await localBucket('evidence');
    served = await serveLocally(kms.handle);
    pointAt('KMS', served.url);
  });
  after(async () => {
    await Promise.all([served.close(), bucket.close()]);
    await folder.remove();
  });

  it('keep bytes and texts below the log, once', async () => {
    const archive = s3LedgerArchive(new S3Evidence(bucket.client, 'evidence'));
    const bytes = Uint8Array.of(0, 255, 10, 128);
    await archive.createOnce(LOG, 'tile/0/000.p/1', bytes);
    await archive.createOnce(LOG, 'tile/0/000.p/1', bytes);

    assert.deepEqual(Uint8Array.from((await archive.read(LOG, 'tile/0/000.p/1')) ?? []), bytes);
    assert.equal(await archive.read(LOG, 'tile/0/001'), undefined);
    await assert.rejects(archive.createOnce(LOG, 'tile/0/000.p/1', 'other'), /exists with other content/);
  });

  it('sign with each of the keys, and name them in their order', async () => {
    const keys = kmsCheckpointKeys(new KMSClient({}), KEYS, 'tradepulse/test');
    const [first, second] = await keys.all();
    assert.ok(first && second);

    const signature = await keys.sign(first, 'text\n');

    assert.ok(first.verifies(Buffer.from('text\n'), signature));
    assert.ok(!second.verifies(Buffer.from('text\n'), signature));
    assert.match(first.vkey, /^tradepulse\/test\+[0-9a-f]{8}\+A/);
  });

  it('do not sign with a key of another deployment', async () => {
    const [stranger = assert.fail()] = await kmsCheckpointKeys(new KMSClient({}), KEYS, 'tradepulse/other').all();

    await assert.rejects(
      kmsCheckpointKeys(new KMSClient({}), KEYS, 'tradepulse/test').sign(stranger, 't'),
      /no key of this deployment/,
    );
  });

  it('are asked for again after a failure, and refused when they are no Ed25519 keys', async () => {
    const client = new KMSClient({ region });
    const answers = mockClient(client).on(GetPublicKeyCommand);
    answers
      .rejectsOnce(new Error('throttled'))
      .resolvesOnce({ PublicKey: new Uint8Array(91) })
      .resolves({});
    const keys = kmsCheckpointKeys(client, ['one'], 'tradepulse/test');

    await assert.rejects(keys.all(), /throttled/);
    await assert.rejects(keys.all(), /no Ed25519 key/);
    await assert.rejects(keys.all(), /no Ed25519 key/);
  });
});
