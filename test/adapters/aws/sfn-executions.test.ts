import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { SfnExecutions } from '../../../adapters/aws/sfn-executions.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';
import { type StepFunctions, startStepFunctions } from '../../../local/step-functions/start-step-functions.ts';
import { credentials, region } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { aName, executionsContract } from './executions.contract.ts';
import { pointAt } from './point-at.ts';

const arnOf = (machine: string) => `arn:aws:states:${region}:000000000000:stateMachine:${machine}`;
const arns = {
  launch: arnOf('launch'),
  stop: arnOf('stop'),
  kill: arnOf('kill'),
  recover: arnOf('recover'),
  resume: arnOf('resume'),
  validate: arnOf('validate'),
  review: arnOf('review'),
  'safe-mode': arnOf('safe-mode'),
  'venue-instability': arnOf('venue-instability'),
};
const machine = (state: Record<string, unknown>) =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Do', States: { Do: { End: true, ...state } } });
const asking = machine({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  TimeoutSeconds: 60,
  Arguments: { FunctionName: 'ask', Payload: { taskToken: '{% $states.context.Task.Token %}' } },
});

describe('on the local Step Functions', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let lambda: Listening;
  let engine: StepFunctions;
  let client: SFNClient;
  let asked = Promise.withResolvers<string>();
  let ended = Promise.withResolvers<string>();
  before(async () => {
    folder = await temporaryFolder();
    lambda = await listen(async (request) => {
      asked.resolve(((await request.json()) as { taskToken: string }).taskToken);
      return Response.json({});
    }, 0);
    engine = await startStepFunctions({
      dataPath: join(folder.path, 'sfn.db'),
      region,
      accessKeyId: credentials.accessKeyId,
      lambdaEndpoint: lambda.url,
      eventBridgeEndpoint: lambda.url,
      onStatusChange: async ({ detail }) => {
        if (detail.status !== 'RUNNING') ended.resolve(detail.name);
      },
    });
    await engine.putStateMachine('kill', machine({ Type: 'Wait', Seconds: 600 }));
    await engine.putStateMachine('launch', asking);
    pointAt('SFN', engine.url);
    client = new SFNClient({});
  });
  after(async () => {
    await engine.stop();
    client.destroy();
    await lambda.close();
    await folder.remove();
  });

  const open = () => ({
    executions: new SfnExecutions(client, arns),
    started: async (name: string) => {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn: arns.kill }));
      return executions.filter((each) => each.name === name).length;
    },
  });
  executionsContract('SfnExecutions', open);

  const waiting = async () => {
    asked = Promise.withResolvers();
    ended = Promise.withResolvers();
    const name = aName();
    await open().executions.start('launch', name, {});
    return { name, token: await asked.promise };
  };
  const described = async (name: string) => {
    await ended.promise;
    return client.send(
      new DescribeExecutionCommand({ executionArn: `${arns.launch.replace('stateMachine', 'execution')}:${name}` }),
    );
  };

  it('lets a waiting state go on with the answer', async () => {
    const { name, token } = await waiting();

    await open().executions.succeed(token, { approval: 'signed' });

    const { status, output } = await described(name);
    assert.deepEqual([status, output], ['SUCCEEDED', '{"approval":"signed"}']);
    await open().executions.succeed(token, { approval: 'again' });
  });

  it('ends a waiting state with the code of the refusal, its sentence and its facts', async () => {
    const { name, token } = await waiting();

    await open().executions.fail(token, new Refusal('ApprovalDeclined', 'no', 'talk to them', { by: 'risk' }));

    const { status, error, cause = '' } = await described(name);
    assert.deepEqual([status, error], ['FAILED', 'ApprovalDeclined']);
    const { errorMessage } = JSON.parse(cause) as { errorMessage: string };
    assert.deepEqual(JSON.parse(errorMessage), { message: 'no', next: 'talk to them', facts: { by: 'risk' } });
  });

  it('shows the whole history page by page, names its states, and shows no token', async () => {
    const { name, token } = await waiting();
    const { executions } = open();

    const first = await executions.history('launch', name, { limit: 2 });
    const rest = await executions.history('launch', name, { limit: 100, nextToken: first?.nextToken });

    const events = [...(first?.events ?? []), ...(rest?.events ?? [])];
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.find(({ type }) => type === 'TaskStateEntered')?.state, 'Do');
    assert.ok(!JSON.stringify(events).includes(token));
    assert.match(JSON.stringify(events), /\[redacted\]/);
  });
});

describe('SfnExecutions against what the local Step Functions never does', () => {
  const client = new SFNClient({ region });
  const sfn = mockClient(client);
  const executions = new SfnExecutions(client, arns);
  const down = new Error('down');

  it('passes on every fault that is no answer', async () => {
    for (const command of [StartExecutionCommand, SendTaskSuccessCommand, GetExecutionHistoryCommand] as const)
      sfn.on(command as typeof StartExecutionCommand).rejects(down);

    await assert.rejects(executions.start('kill', 'k', {}), down);
    await assert.rejects(executions.succeed('token', {}), down);
    await assert.rejects(executions.history('kill', 'k', { limit: 1 }), down);
  });

  it('takes an execution that AWS has forgotten for one that nobody waits in', async () => {
    sfn.on(SendTaskSuccessCommand).rejects(new TaskDoesNotExist({ message: 'forgotten', $metadata: {} }));

    await executions.succeed('token', {});
  });

  it('reads an event that says next to nothing', async () => {
    sfn.on(GetExecutionHistoryCommand).resolves({ events: [{ timestamp: undefined, type: undefined, id: undefined }] });

    assert.deepEqual(await executions.history('kill', 'k', { limit: 1 }), {
      events: [{ id: 0, previousId: 0, at: '1970-01-01T00:00:00.000Z', type: 'Unknown', details: {} }],
    });
  });

  it('gives an empty page for an empty answer', async () => {
    sfn.on(GetExecutionHistoryCommand).resolves({});

    assert.deepEqual(await executions.history('kill', 'k', { limit: 1 }), { events: [] });
  });
});
