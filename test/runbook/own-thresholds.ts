import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MonitorOverrides } from '../../domain/monitor/monitor-settings.ts';
import { controlTable } from './control-table.ts';

/** Changes the thresholds of one strategy, as a new deployment of config/monitors.yaml would. The watchdog reads them again within a minute. */
export async function thresholds(data: string, strategy: string, own: MonitorOverrides): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: 'MONITORS#monitors' },
      UpdateExpression: 'SET #record.strategies.#strategy = :own',
      ExpressionAttributeNames: { '#record': 'record', '#strategy': strategy },
      ExpressionAttributeValues: { ':own': own },
    }),
  );
  end();
}
