import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { environment } from './environment.ts';

/** The two tables of this deployment, and the one client of a sandbox that reaches them. */
export const tables = { control: environment.CONTROL_TABLE, ledger: environment.LEDGER_TABLE };
export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
