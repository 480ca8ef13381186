import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-sfn';
import type { StatusEvent } from '../../../local/step-functions/execution/status-event.ts';
import { type StepFunctions, startStepFunctions } from '../../../local/step-functions/start-step-functions.ts';

const accessKeyId = 'AKIALOCALTESTKEY0001';
const folder = mkdtempSync(join(tmpdir(), 'step-functions-'));
const statuses: StatusEvent[] = [];
const seen: (string | undefined)[] = [];
const lambda = createServer((request, response) => {
  seen.push(request.headers.authorization);
  request.resume().on('end', () => response.writeHead(200).end('"answered"'));
});
let engine: StepFunctions;
let client: sdk.SFNClient;
const started = () =>
  startStepFunctions({
    dataPath: join(folder, 'sfn.db'),
    region: 'us-east-1',
    accessKeyId,
    onStatusChange: async (event) => void statuses.push(event),
  });
const connect = () => {
  const endpoint = `http://127.0.0.1:${(lambda.address() as AddressInfo).port}/aws/lambda`;
  engine.connect({ lambdaEndpoint: endpoint, eventBridgeEndpoint: endpoint });
  client = new sdk.SFNClient({
    endpoint: engine.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'any' },
  });
};
const machine = (Resource: string) =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Do',
    States: { Do: { Type: 'Task', Resource, End: true } },
  });
const echo = machine('arn:aws:lambda:us-east-1:000000000000:function:echo');
const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:';
const ended = async (executionArn: string) => {
  for (;;) {
    const described = await client.send(new sdk.DescribeExecutionCommand({ executionArn }));
    if (described.status !== 'RUNNING') return described;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe('startStepFunctions', () => {
  before(async () => {
    await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
    engine = await started();
    connect();
  });
  after(async () => {
    await engine.stop();
    client.destroy();
    lambda.close();
    lambda.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  it('runs a machine for the official client, calls Lambda with its key, and tells the host', async () => {
    assert.equal(await engine.putStateMachine('echo', echo), `${arn}echo`);
    const { executionArn = '', startDate } = await client.send(
      new sdk.StartExecutionCommand({ stateMachineArn: `${arn}echo`, name: 'one' }),
    );
    const { status, output, stopDate } = await ended(executionArn);

    assert.deepEqual([status, output], ['SUCCEEDED', '"answered"']);
    assert.ok(startDate && stopDate && Math.abs(Date.now() - startDate.getTime()) < 60_000);
    assert.match(seen[0] ?? '', new RegExp(`Credential=${accessKeyId}/`));
    assert.deepEqual(
      statuses.map(({ detail }) => detail.status),
      ['RUNNING', 'SUCCEEDED'],
    );
  });

  it('starts the same name twice only while it is the same start', async () => {
    await engine.putStateMachine(
      'wait',
      JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'W',
        States: { W: { Type: 'Wait', Seconds: 600, End: true } },
      }),
    );
    const start = (input: string) =>
      client.send(new sdk.StartExecutionCommand({ stateMachineArn: `${arn}wait`, name: 'same', input }));
    const first = await start('{}');
    const second = await start('{}');

    assert.deepEqual([second.executionArn, second.startDate], [first.executionArn, first.startDate]);
    await assert.rejects(start('{"other":1}'), sdk.ExecutionAlreadyExists);
    await client.send(new sdk.StopExecutionCommand({ executionArn: first.executionArn }));
    await assert.rejects(start('{}'), sdk.ExecutionAlreadyExists);
  });

  it('creates, lists, updates and deletes machines; a running execution keeps its definition', async () => {
    const create = (definition: string) =>
      client.send(
        new sdk.CreateStateMachineCommand({ name: 'made', definition, roleArn: 'arn:aws:iam::000000000000:role/r' }),
      );
    const { stateMachineArn } = await create(echo);
    assert.equal((await create(echo)).stateMachineArn, stateMachineArn);
    await assert.rejects(create(machine('arn:aws:states:::lambda:invoke')), sdk.StateMachineAlreadyExists);
    await assert.rejects(create('{}'), sdk.StateMachineAlreadyExists);

    const { executionArn } = await client.send(new sdk.StartExecutionCommand({ stateMachineArn }));
    const changed = machine('arn:aws:states:::lambda:invoke');
    await client.send(new sdk.UpdateStateMachineCommand({ stateMachineArn, definition: changed }));
    const now = await client.send(new sdk.DescribeStateMachineCommand({ stateMachineArn }));
    const then = await client.send(new sdk.DescribeStateMachineForExecutionCommand({ executionArn }));
    assert.deepEqual([now.definition, then.definition], [changed, echo]);

    const { stateMachines = [], nextToken } = await client.send(new sdk.ListStateMachinesCommand({ maxResults: 2 }));
    const rest = await client.send(new sdk.ListStateMachinesCommand({ maxResults: 2, nextToken }));
    assert.deepEqual(
      [...stateMachines, ...(rest.stateMachines ?? [])].map(({ name }) => name),
      ['echo', 'made', 'wait'],
    );
    await client.send(new sdk.DeleteStateMachineCommand({ stateMachineArn }));
    await assert.rejects(
      client.send(new sdk.DescribeStateMachineCommand({ stateMachineArn })),
      sdk.StateMachineDoesNotExist,
    );
  });

  it('lists executions newest first, by status and in pages', async () => {
    const list = (more: object) =>
      client.send(new sdk.ListExecutionsCommand({ stateMachineArn: `${arn}echo`, ...more }));
    await ended(
      (await client.send(new sdk.StartExecutionCommand({ stateMachineArn: `${arn}echo`, name: 'two' }))).executionArn ??
        '',
    );
    const { executions = [], nextToken } = await list({ maxResults: 1, statusFilter: 'SUCCEEDED' });
    const rest = await list({ maxResults: 1, statusFilter: 'SUCCEEDED', nextToken });

    assert.deepEqual(
      [...executions, ...(rest.executions ?? [])].map(({ name }) => name),
      ['two', 'one'],
    );
    assert.equal((await list({ statusFilter: 'FAILED' })).executions?.length, 0);
  });

  it('refuses a definition with its reasons, in the host and on the wire', async () => {
    const bad = machine('arn:aws:states:::sqs:sendMessage');

    await assert.rejects(engine.putStateMachine('bad', bad), /not recognized.*\/States\/Do\/Resource/);
    const { result, diagnostics } = await client.send(
      new sdk.ValidateStateMachineDefinitionCommand({ definition: bad }),
    );
    assert.deepEqual([result, diagnostics?.[0]?.location], ['FAIL', '/States/Do/Resource']);
  });

  it('refuses another access key, another Host, another Origin, and an operation it does not have', async () => {
    const post = async (headers: Record<string, string>) => {
      const { request } = await import('node:http');
      return new Promise<number | undefined>((resolve) => {
        const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/states/aws4_request`;
        request(engine.url, {
          method: 'POST',
          headers: { authorization, 'x-amz-target': 'AWSStepFunctions.ListStateMachines', ...headers },
        })
          .on('response', (response) => {
            response.resume();
            resolve(response.statusCode);
          })
          .end('{}');
      });
    };

    assert.equal(await post({}), 200);
    assert.equal(await post({ authorization: 'AWS4-HMAC-SHA256 Credential=AKIAOTHER/x' }), 403);
    assert.equal(await post({ host: 'attacker.example:80' }), 403);
    assert.equal(await post({ origin: 'https://attacker.example' }), 403);
    assert.equal(await post({ 'x-amz-target': 'AWSStepFunctions.CreateActivity' }), 400);
  });

  it('goes on after a restart; tasks wait until the host says where Lambda is', async () => {
    await engine.stop();
    engine = await started();
    const url = engine.url;
    client = new sdk.SFNClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'any' },
    });
    const { executionArn = '' } = await client.send(
      new sdk.StartExecutionCommand({ stateMachineArn: `${arn}echo`, name: 'early' }),
    );
    assert.equal((await client.send(new sdk.DescribeExecutionCommand({ executionArn }))).status, 'RUNNING');
    client.destroy();

    connect();

    assert.equal((await ended(executionArn)).status, 'SUCCEEDED');
  });
});
