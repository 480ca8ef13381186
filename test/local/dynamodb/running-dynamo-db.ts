import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { createTables } from '../../../local/dynamodb/create-tables.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamo-db.ts';
import { tableClient } from '../../../local/dynamodb/table-client.ts';
import { clientOptions, credentials, region } from '../aws/serve-locally.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { templateTables } from './control-tables.ts';

/**
 * A local DynamoDB with the product's tables, and the official clients. TRADEPULSE_DYNAMODB_ENDPOINT puts another store in its
 * place, so that it can be judged by the same tests (DynamoDB Local, another version).
 */
export async function runningDynamoDb() {
  const folder = await temporaryFolder();
  const dataPath = join(folder.path, 'dynamodb.db');
  const server = await startDynamoDb({ dataPath, endpoint: process.env['TRADEPULSE_DYNAMODB_ENDPOINT'] });
  const tables = tableClient({ url: server.url, region, accessKeyId: credentials.accessKeyId });
  await createTables(tables, templateTables);
  const client = new DynamoDB(clientOptions(server.url));
  return {
    url: server.url,
    dataPath,
    tables,
    client,
    documents: DynamoDBDocument.from(client),
    async close() {
      client.destroy();
      await server.stop();
      await folder.remove();
    },
  };
}

export type RunningDynamoDb = Awaited<ReturnType<typeof runningDynamoDb>>;
