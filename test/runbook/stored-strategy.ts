import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { Strategy } from '../../domain/strategy.ts';
import { controlTable } from './control-table.ts';

/** The control state of a strategy as the host's control table holds it, read past the control plane. */
export async function storedStrategy(data: string, id: string): Promise<Strategy> {
  const { dynamo, table, end } = await controlTable(data);
  const { Item } = await dynamo.send(
    new GetCommand({ TableName: table, Key: { pk: `STRATEGY#${id}` }, ConsistentRead: true }),
  );
  end();
  return Strategy.parse(Item);
}
