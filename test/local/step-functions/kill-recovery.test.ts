import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-sfn';

const folder = mkdtempSync(join(tmpdir(), 'step-functions-'));
const held: { name: string; body: string; response: ServerResponse }[] = [];
let arrived = () => {};
const lambda = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    held.push({ name: request.url?.split('/')[3] ?? '', body, response });
    arrived();
  });
});
/** The next `count` calls of functions, each held until the test answers it. */
const calls = async (count: number) => {
  while (held.length < count) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
  return held.splice(0, count).sort((a, b) => a.name.localeCompare(b.name));
};
const credentials = { accessKeyId: 'AKIALOCALTESTKEY0001', secretAccessKey: 'any' };

async function startProcess() {
  const url = `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, ['local/step-functions/serve.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      SFN_DATA: join(folder, 'sfn.db'),
      AWS_ENDPOINT_URL_LAMBDA: url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    },
  });
  const [line] = await once(child.stdout, 'data');
  const endpoint = /http:\S+/.exec(String(line))?.[0] ?? '';
  const client = new sdk.SFNClient({ endpoint, region: 'us-east-1', credentials });
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    client.destroy();
  };
  return { client, kill };
}

async function until<Value>(read: () => Promise<Value>, done: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function historyOf(client: sdk.SFNClient, executionArn: string | undefined) {
  const { events = [] } = await client.send(new sdk.GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events;
}

const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Draw',
  States: {
    Draw: { Type: 'Pass', Assign: { drawn: '{% $uuid() %}' }, Next: 'All' },
    All: {
      Type: 'Parallel',
      Branches: [
        branch('Work', { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:a-work', End: true }),
        branch('Ask', {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Arguments: { FunctionName: 'b-ask', Payload: { token: '{% $states.context.Task.Token %}' } },
          End: true,
        }),
        branch('Wait', { Type: 'Wait', Seconds: 1, Output: 'waited', End: true }),
      ],
      Output: '{% $append($states.result, $drawn) %}',
      End: true,
    },
  },
});

describe('an engine that was killed', () => {
  before(() => new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve)));
  after(() => {
    lambda.close();
    lambda.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  it('loses nothing it acknowledged: inside a Lambda, a callback and a Wait, it goes on where it stood', async () => {
    let { client, kill } = await startProcess();
    const { stateMachineArn } = await client.send(
      new sdk.CreateStateMachineCommand({ name: 'all', definition, roleArn: 'arn:aws:iam::000000000000:role/r' }),
    );
    const { executionArn } = await client.send(new sdk.StartExecutionCommand({ stateMachineArn, name: 'it' }));
    const [, ask] = await calls(2);
    ask?.response.end('null');
    const { token: taskToken } = JSON.parse(ask?.body ?? '{}');
    const submitted = (events: sdk.HistoryEvent[]) => events.some(({ type }) => type === 'TaskSubmitted');
    const seen = await until(() => historyOf(client, executionArn), submitted);

    await kill();
    ({ client, kill } = await startProcess());

    const [again] = await calls(1);
    assert.equal(again?.name, 'a-work', 'only the function that was running is called again');
    again?.response.end('"worked"');
    await client.send(new sdk.SendTaskSuccessCommand({ taskToken, output: '"answered"' }));
    const ended = (reply: sdk.DescribeExecutionCommandOutput) => reply.status !== 'RUNNING';
    const { status, output } = await until(
      () => client.send(new sdk.DescribeExecutionCommand({ executionArn })),
      ended,
    );
    const events = await historyOf(client, executionArn);
    const drawn = events.find(({ id }) => id === 3)?.stateExitedEventDetails?.assignedVariables?.['drawn'] ?? '""';
    assert.equal(status, 'SUCCEEDED');
    assert.deepEqual(JSON.parse(output ?? ''), ['worked', 'answered', 'waited', JSON.parse(drawn)]);
    assert.deepEqual(events.slice(0, seen.length), seen, 'what was told before the kill is still so');
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map((_, index) => index + 1),
    );
    for (const type of ['TaskScheduled', 'LambdaFunctionScheduled', 'TaskSubmitted', 'WaitStateEntered']) {
      assert.equal(events.filter((event) => event.type === type).length, 1, `${type} is written once`);
    }
    await kill();
  });

  it('keeps every execution it acknowledged, through kills under load', async () => {
    const quick = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } },
    });
    const acknowledged: string[] = [];
    let { client, kill } = await startProcess();
    const { stateMachineArn } = await client.send(
      new sdk.CreateStateMachineCommand({
        name: 'quick',
        definition: quick,
        roleArn: 'arn:aws:iam::000000000000:role/r',
      }),
    );
    for (let round = 0; round < 3; round += 1) {
      let on = true;
      const starters = Array.from({ length: 8 }, async () => {
        while (on) {
          const { executionArn = '' } = await client
            .send(new sdk.StartExecutionCommand({ stateMachineArn }))
            .catch(() => ({}) as sdk.StartExecutionOutput);
          if (executionArn) acknowledged.push(executionArn);
        }
      });
      const enough = acknowledged.length + 40;
      while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
      await kill();
      on = false;
      await Promise.all(starters);
      ({ client, kill } = await startProcess());
    }

    for (const executionArn of acknowledged) {
      const { status } = await client.send(new sdk.DescribeExecutionCommand({ executionArn }));
      assert.equal(status, 'SUCCEEDED');
    }
    await kill();
  });
});
