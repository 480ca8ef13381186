import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { PlannedHalts } from '../../domain/planned-halt/planned-halt.ts';
import type { Registration } from '../../domain/registration.ts';
import { controlTable } from './control-table.ts';

/** Changes what people have agreed for a strategy, as a new deployment of config/strategies.yaml would. */
export async function agreed(data: string, strategy: string, policy: Partial<Registration['policy']>): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  const changes = Object.entries(policy);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `REGISTRATION#${strategy}` },
      UpdateExpression: `SET ${changes.map((_, at) => `#record.policy.#n${at} = :v${at}`).join(', ')}`,
      ExpressionAttributeNames: {
        '#record': 'record',
        ...Object.fromEntries(changes.map(([name], at) => [`#n${at}`, name])),
      },
      ExpressionAttributeValues: Object.fromEntries(changes.map(([, value], at) => [`:v${at}`, value])),
    }),
  );
  end();
}

/** Grants the engines of a strategy shorter or longer leases, as a new deployment would. */
export async function leasedFor(data: string, strategy: string, leaseTtlMs: number): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `REGISTRATION#${strategy}` },
      UpdateExpression: 'SET #record.leaseTtlMs = :ttl',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':ttl': leaseTtlMs },
    }),
  );
  end();
}

/** Moves the planned halt of a strategy into the past, so that nobody has to wait for its time. */
export async function haltIsDue(data: string, strategy: string): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  const Key = { pk: `PLANNEDHALT#${strategy}` };
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  const { halts } = PlannedHalts.parse(Item?.['record']);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key,
      UpdateExpression: `SET #record.halts[${halts.findIndex(({ status }) => status === 'scheduled')}].#at = :at`,
      ExpressionAttributeNames: { '#record': 'record', '#at': 'at' },
      ExpressionAttributeValues: { ':at': new Date(0).toISOString() },
    }),
  );
  end();
}
