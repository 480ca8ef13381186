import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { eventually } from '../../rehearsal/eventually.ts';

const Local = z.looseObject({
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  endpoints: z.looseObject({ sfn: z.string(), dynamodb: z.string() }),
  tables: z.looseObject({ control: z.string() }),
});

const local = async (data: string) => Local.parse(JSON.parse(await readFile(join(data, 'local.json'), 'utf8')));

/** What an operator does in the Step Functions console, with the SDK against the host's endpoint. */
export async function stepFunctions(data: string) {
  const { region, endpoints, ...credentials } = await local(data);
  const client = new SFNClient({ region, endpoint: endpoints.sfn, credentials });
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  const machine = (name: string) => stateMachines.find((each) => each.name === name)?.stateMachineArn;
  const arnOf = (kind: string, name: string) => `${machine(kind)?.replace(':stateMachine:', ':execution:')}:${name}`;
  const described = async (kind: string, name: string) => {
    const known = client.send(new DescribeExecutionCommand({ executionArn: arnOf(kind, name) }));
    return known.catch((error: unknown) => {
      if (error instanceof ExecutionDoesNotExist) return { status: 'NOT THERE', error: undefined, cause: undefined };
      throw error;
    });
  };
  const becomes = (kind: string, name: string, right: (status: string | undefined) => boolean) =>
    eventually(
      name,
      () => described(kind, name),
      ({ status }) => right(status),
      20_000,
    );
  return {
    running: (kind: string, name: string) => becomes(kind, name, (status) => status === 'RUNNING'),
    ended: (kind: string, name: string) =>
      becomes(kind, name, (status) => status !== 'RUNNING' && status !== 'NOT THERE'),
    abort: (kind: string, name: string) => client.send(new StopExecutionCommand({ executionArn: arnOf(kind, name) })),
    start: (kind: string, name: string, input: object) =>
      client.send(new StartExecutionCommand({ stateMachineArn: machine(kind), name, input: JSON.stringify(input) })),
    end: () => client.destroy(),
  };
}

/** Shortens the drain that people have agreed for a strategy, as a new deployment of config/strategies.yaml would. */
export async function drainsWithin(data: string, strategy: string, seconds: number): Promise<void> {
  const { region, endpoints, tables, ...credentials } = await local(data);
  const client = new DynamoDBClient({ region, endpoint: endpoints.dynamodb, credentials });
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: tables.control,
      Key: { pk: `REGISTRATION#${strategy}` },
      UpdateExpression: 'SET #record.policy.drainSeconds = :seconds',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':seconds': seconds },
    }),
  );
  client.destroy();
}
