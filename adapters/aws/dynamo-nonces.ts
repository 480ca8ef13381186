import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Tables } from './tables.ts';

const KEPT_S = 86_400; // a signature is good for half an hour

/** Takes a nonce by creating its item: true the first time only, whichever sandbox asks. DynamoDB drops it after a day. */
export const takeNonceIn =
  (dynamo: DynamoDBDocumentClient, { control }: Pick<Tables, 'control'>) =>
  async (id: string, at: Date): Promise<boolean> => {
    const Item = { pk: `NONCE#${id}`, at: at.toISOString(), ttl: Math.floor(at.getTime() / 1000) + KEPT_S };
    try {
      await dynamo.send(new PutCommand({ TableName: control, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
