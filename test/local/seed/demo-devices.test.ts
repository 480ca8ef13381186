import assert from 'node:assert/strict';
import { it } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { ShippedDeviceKeys } from '../../../adapters/aws/shipped-device-keys.ts';
import { createS3 } from '../../../local/aws/s3/s3.ts';
import { demoDevices, shipDemoDevices } from '../../../local/seed/demo-devices.ts';
import { credentials, region, serveLocally } from '../aws/serve-locally.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const bucket = 'evidence-of-a-test';
const users = [{ name: 'risk', subject: 'sub-risk', password: 'p', totpSecret: 't', groups: [] }];

it('shipDemoDevices leaves the keys where a kill looks for them while the store is away, at every start', async () => {
  const folder = await temporaryFolder();
  const s3 = createS3({ dataPath: folder.path });
  await s3.ensureBucket(bucket);
  const served = await serveLocally(s3.handle, { errors: 'xml' });
  const client = new S3Client({ region, credentials, endpoint: served.url, forcePathStyle: true });
  const devices = await demoDevices(folder.path, users, NOW);

  await shipDemoDevices(devices, { s3: s3.handle, bucket });
  await shipDemoDevices(devices, { s3: s3.handle, bucket });
  const found = await new ShippedDeviceKeys(client, bucket).read('device:risk-laptop');

  assert.deepEqual(found, devices[0]?.record);
  client.destroy();
  await served.close();
  await folder.remove();
});
