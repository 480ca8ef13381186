import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

const Local = z.looseObject({
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  endpoints: z.looseObject({ dynamodb: z.string() }),
  tables: z.looseObject({ control: z.string() }),
});

/** The control table of a running host, reached past the control plane; `end` lets the client go. */
export async function controlTable(data: string) {
  const text = await readFile(join(data, 'local.json'), 'utf8');
  const { region, endpoints, tables, ...credentials } = Local.parse(JSON.parse(text));
  const client = new DynamoDBClient({ region, endpoint: endpoints.dynamodb, credentials });
  const dynamo = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { dynamo, table: tables.control, end: () => client.destroy() };
}
