import * as z from 'zod';
import { TableDefinition } from './table-definition.ts';

/** The two table operations the host needs; it uses no SDK, since only Lambdas talk to AWS. */
export type TableClient = {
  create(table: TableDefinition): Promise<void>;
  /** Undefined when there is no such table. */
  describe(name: string): Promise<Description | undefined>;
};

const Description = z.object({
  TableStatus: z.string(),
  ...TableDefinition.unwrap().pick({ KeySchema: true, GlobalSecondaryIndexes: true }).shape,
});
type Description = z.infer<typeof Description>;

const Failure = z.object({ __type: z.string().default('UnknownError'), message: z.string().default('no message') });

export type TableClientOptions = {
  /** URL of the server, from startDynamoDb. */
  readonly url: string;
  readonly region: string;
  /** Named in the request: servers such as DynamoDB Local keep the tables of each access key apart. */
  readonly accessKeyId: string;
};

/** A table client over plain HTTP, for servers that check no signatures (dynoxide, DynamoDB Local). */
export function tableClient({ url, region, accessKeyId }: TableClientOptions): TableClient {
  async function call(operation: string, input: object) {
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
    return { ok: response.ok, body: (await response.json()) as unknown };
  }

  return {
    async create(table) {
      const { ok, body } = await call('CreateTable', table);
      if (!ok) throw failed(`CreateTable ${table.TableName}`, url, body);
    },
    async describe(name) {
      const { ok, body } = await call('DescribeTable', { TableName: name });
      if (ok) return z.object({ Table: Description }).parse(body).Table;
      if (Failure.parse(body).__type.endsWith('ResourceNotFoundException')) return undefined;
      throw failed(`DescribeTable ${name}`, url, body);
    },
  };
}

function failed(what: string, url: string, body: unknown): Error {
  const { __type, message } = Failure.parse(body);
  return new Error(`${what} at ${url} failed: ${__type}: ${message}`);
}
