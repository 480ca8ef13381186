import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type MonitorOverrides, Monitors } from '../../domain/monitor/monitor-settings.ts';
import { controlTable } from './control-table.ts';

/** Changes the thresholds of a strategy, as a new deployment of config/monitors.yaml would; the watchdog reads them within a minute. */
export async function watchedBy(data: string, strategy: string, own: MonitorOverrides): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  const Key = { pk: 'MONITORS#monitors' };
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  const { strategies } = Monitors.parse(Item?.['record']);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key,
      UpdateExpression: 'SET #record.strategies = :strategies',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':strategies': { ...strategies, [strategy]: own } },
    }),
  );
  end();
}
