import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { control, ledger } from '../../local/dynamodb/control-tables.ts';
import { runningDynamoDb } from '../../local/dynamodb/running-dynamo-db.ts';
import { pointAt } from './point-at.ts';

export const tables = { control, ledger };

/** The document client as ports.ts makes it. */
export const documentClient = () =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

/** The two tables on a local DynamoDB, and the client as ports.ts makes it. */
export async function localTables() {
  const running = await runningDynamoDb();
  pointAt('DYNAMODB', running.url);
  const dynamo = documentClient();
  return {
    dynamo,
    /** Takes away every item of the control table, between tests that list. */
    async empty() {
      const { Items = [] } = await running.documents.scan({ TableName: control, ConsistentRead: true });
      await Promise.all(
        Items.map(({ pk }) => running.documents.delete({ TableName: control, Key: { pk: pk as string } })),
      );
    },
    documents: running.documents,
    async close() {
      dynamo.destroy();
      await running.close();
    },
  };
}
