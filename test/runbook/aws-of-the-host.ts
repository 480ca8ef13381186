import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { S3KillSpool } from '../../adapters/aws/s3-kill-spool.ts';
import { StrategyId } from '../../domain/ids.ts';
import type { SpooledKill } from '../../domain/kill/spooled-kill.ts';
import { runName } from '../../domain/run-name.ts';
import { eventually } from '../../rehearsal/eventually.ts';

const Local = z.looseObject({
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  endpoints: z.looseObject({ sfn: z.string(), lambda: z.string(), s3: z.string() }),
  bucket: z.string(),
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

/** Lets the health tick run now, as the schedule does each minute. `sealNow`: what was refused in this minute is sealed too. */
export async function healthTick(data: string, event: { sealNow?: boolean } = {}): Promise<string> {
  const { endpoints, accessKeyId } = await local(data);
  const template = z
    .object({ Resources: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile('cdk.out/TradePulse.template.json', 'utf8')));
  const name = Object.keys(template.Resources).find((id) => /^ServicesOperationsHealthTick[0-9A-F]{8}$/.test(id));
  const credential = `Credential=${accessKeyId}/20260101/us-east-1/lambda/aws4_request`;
  const response = await fetch(`${endpoints.lambda}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0` },
    body: JSON.stringify(event),
  });
  const text = await response.text();
  if (!response.ok || response.headers.has('x-amz-function-error')) throw new Error(`the health tick failed: ${text}`);
  return z.object({ summary: z.string() }).parse(JSON.parse(text)).summary;
}

/** Puts a kill into the spool, as the kill function does with the store away. */
export async function spoolKill(data: string, strategy: string, kill: Omit<SpooledKill, 'runId'>): Promise<string> {
  const { region, endpoints, bucket, ...credentials } = await local(data);
  const client = new S3Client({ region, endpoint: endpoints.s3, credentials, forcePathStyle: true });
  const strategyId = StrategyId.parse(strategy);
  const runId = runName('kill', strategyId, 'spooled by a test', new Date(kill.decidedAt));
  await new S3KillSpool(client, bucket).put(strategyId, { ...kill, runId });
  client.destroy();
  return runId;
}
