import * as z from 'zod';

const Page = z.object({
  Items: z.array(z.object({ id: z.object({ S: z.string() }), mode: z.object({ S: z.string() }) })),
});

export type StrategyMode = { readonly id: string; readonly mode: string };

/** Every strategy with its mode, from the control table, to say in what state live ones are left when the host ends. */
export async function strategyModes(dynamoUrl: string, table: string, accessKeyId: string): Promise<StrategyMode[]> {
  const response = await fetch(dynamoUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.Query',
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({
      TableName: table,
      IndexName: 'list',
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: 'STRATEGY' } },
    }),
  });
  if (!response.ok) throw new Error(`the control table could not be read: ${await response.text()}`);
  return Page.parse(await response.json()).Items.map(({ id, mode }) => ({ id: id.S, mode: mode.S }));
}
