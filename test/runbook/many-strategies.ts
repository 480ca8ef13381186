import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { recordItem } from '../../adapters/aws/record-item.ts';
import { StrategyId } from '../../domain/ids.ts';
import { Registration } from '../../domain/registration.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { controlTable } from './control-table.ts';

const LIKE = 'btc-momentum';

/**
 * So many more strategies like the first demo strategy on a running host, `many-1` and so on, each with one engine below the
 * url: written past the control plane, as a deployment would leave them, since one template cannot hold them all.
 */
export async function manyStrategies(data: string, count: number, engineUrl: string): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  const put = (Item: Record<string, unknown>) => dynamo.send(new PutCommand({ TableName: table, Item }));
  const key = { pk: `REGISTRATION#${LIKE}` };
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key }));
  const like = Registration.parse(Item?.['record']);
  for (let number = 1; number <= count; number += 1) {
    const id = StrategyId.parse(`many-${number}`);
    const engine = { instanceId: `${id}-1`, controlUrl: `${engineUrl}/${id}-1`, clientId: `client-${id}` };
    const record = { ...like, id, engines: [engine] };
    await Promise.all([
      put({ ...newStrategy(id), version: 1, pk: `STRATEGY#${id}`, kind: 'STRATEGY', sort: id }),
      put(recordItem({ kind: 'REGISTRATION', record }, new Date())),
    ]);
  }
  end();
}
