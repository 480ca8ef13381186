import * as z from 'zod';

const Attribute = z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) });
const Keys = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })).min(1);
const Index = z.object({
  IndexName: z.string(),
  KeySchema: Keys,
  Projection: z.object({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

/** What CreateTable needs of an `AWS::DynamoDB::GlobalTable`. Everything else of the template (backups, keys, policies, streams, TTL) exists on AWS only and is dropped here. */
export const TableDefinition = z
  .object({
    TableName: z.string().min(3),
    AttributeDefinitions: z.array(Attribute).min(1),
    KeySchema: Keys,
    GlobalSecondaryIndexes: z.array(Index).min(1).optional(),
    BillingMode: z.literal('PAY_PER_REQUEST').default('PAY_PER_REQUEST'),
  })
  .readonly();
export type TableDefinition = z.infer<typeof TableDefinition>;
