import { S3Client } from '@aws-sdk/client-s3';
import { createS3 } from '../../../local/aws/s3/s3.ts';
import { serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { pointAt } from './point-at.ts';

/** An empty bucket on a local S3, and a client that reaches it as ports.ts makes it. */
export async function localBucket(name: string) {
  const folder = await temporaryFolder();
  const s3 = createS3({ dataPath: folder.path });
  await s3.ensureBucket(name);
  const served = await serveLocally(s3.handle, { errors: 'xml' });
  pointAt('S3', served.url);
  const client = new S3Client({});
  return {
    client,
    async close() {
      client.destroy();
      await served.close();
      await folder.remove();
    },
  };
}
