import * as z from 'zod';

/** A value as it travels: numbers as text, each with its type (Amazon DynamoDB, AttributeValue). */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

export type ItemClientOptions = { readonly url: string; readonly region: string; readonly accessKeyId: string };

export type NewItem = {
  readonly table: string;
  readonly item: Readonly<Record<string, unknown>>;
  /** What has to be true of the item that stands, and its values. */
  readonly condition?: string;
  readonly values?: Readonly<Record<string, unknown>>;
};

/** The few operations on items that seeding needs; it uses no SDK, since only Lambdas talk to AWS. */
export type ItemClient = {
  /** Strongly consistent; nothing when there is none. */
  get(
    table: string,
    key: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, AttributeValue>> | undefined>;
  /** All of them or none. */
  putAll(items: readonly NewItem[]): Promise<void>;
};

const Found = z.object({ Item: z.record(z.string(), z.custom<AttributeValue>()).optional() });

/** An item client over plain HTTP, for servers that check no signatures (dynoxide, DynamoDB Local). */
export function itemClient({ url, region, accessKeyId }: ItemClientOptions): ItemClient {
  async function call(operation: string, input: object): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${operation} at ${url} failed: ${JSON.stringify(body)}`);
    return body;
  }

  return {
    async get(TableName, key) {
      return Found.parse(await call('GetItem', { TableName, Key: attributesOf(key), ConsistentRead: true })).Item;
    },
    async putAll(items) {
      const TransactItems = items.map(({ table, item, condition, values }) => ({
        Put: {
          TableName: table,
          Item: attributesOf(item),
          ...(condition && { ConditionExpression: condition }),
          ...(values && { ExpressionAttributeValues: attributesOf(values) }),
        },
      }));
      await call('TransactWriteItems', { TransactItems });
    },
  };
}

/** A document as attributes; members that are undefined are left out. */
export const attributesOf = (document: object): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(document).flatMap(([name, value]) => (value === undefined ? [] : [[name, attributeOf(value)]])),
  );

function attributeOf(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  return typeof value === 'object' && value !== null ? { M: attributesOf(value) } : { NULL: true };
}
