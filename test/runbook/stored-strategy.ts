import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Strategy } from '../../domain/strategy.ts';

const Local = z.looseObject({
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  endpoints: z.looseObject({ dynamodb: z.string() }),
  tables: z.looseObject({ control: z.string() }),
});

/** The control state of a strategy as the host's control table holds it, read past the control plane. */
export async function storedStrategy(data: string, id: string): Promise<Strategy> {
  const text = await readFile(join(data, 'local.json'), 'utf8');
  const { region, endpoints, tables, ...credentials } = Local.parse(JSON.parse(text));
  const client = new DynamoDBClient({ region, endpoint: endpoints.dynamodb, credentials });
  const { Item } = await DynamoDBDocumentClient.from(client).send(
    new GetCommand({ TableName: tables.control, Key: { pk: `STRATEGY#${id}` }, ConsistentRead: true }),
  );
  client.destroy();
  return Strategy.parse(Item);
}
