import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Json } from '../../../local/step-functions/json.ts';
import { createFixture, invoke } from './engine-fixture.ts';

let fixture: ReturnType<typeof createFixture>;
beforeEach(async () => {
  fixture = createFixture({ echo: (event) => event });
  const child = {
    QueryLanguage: 'JSONata',
    StartAt: 'Go',
    States: {
      Go: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.wait = true %}', Next: 'Wait' },
          { Condition: '{% $states.input.fail = true %}', Next: 'Fail' },
        ],
        Default: 'Done',
      },
      Wait: { Type: 'Wait', Seconds: 60, End: true },
      Fail: { Type: 'Fail', Error: 'Child' },
      Done: { Type: 'Succeed', Output: { out: 1 } },
    },
  };
  await fixture.call('CreateStateMachine', { name: 'child', definition: JSON.stringify(child) });
});
afterEach(() => fixture.close());

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:child';
const start = (form: string, input: Json, more: Record<string, Json> = {}) => ({
  Child: {
    Type: 'Task',
    Resource: `arn:aws:states:::states:${form}`,
    Arguments: { StateMachineArn: machine, Name: 'the-child', Input: input },
    End: true,
    ...more,
  },
});
const childArn = 'arn:aws:states:us-east-1:000000000000:execution:child:the-child';

describe('lambda:invoke', () => {
  it('wraps the payload in what the Lambda API answers', async () => {
    const arn = await fixture.start({
      A: { Type: 'Task', Resource: invoke, Arguments: { FunctionName: 'echo', Payload: { a: 1 } }, End: true },
    });

    const { ExecutedVersion, Payload, StatusCode } = (await fixture.output(arn)) as Record<string, unknown>;
    assert.deepEqual([ExecutedVersion, Payload, StatusCode], ['$LATEST', { a: 1 }, 200]);
  });
});

describe('states:startExecution', () => {
  it('answers with the ARN and does not wait', async () => {
    const arn = await fixture.start(start('startExecution', { wait: true }));

    assert.equal(((await fixture.output(arn)) as { ExecutionArn: string }).ExecutionArn, childArn);
    assert.equal((await fixture.describe(childArn)).status, 'RUNNING');
  });

  it('waits with .sync and gives Input and Output as text, with .sync:2 as values', async () => {
    const text = (await fixture.output(await fixture.start(start('startExecution.sync', {})))) as Record<
      string,
      unknown
    >;
    const other = start('startExecution.sync:2', {});
    other.Child.Arguments.Name = 'another';
    const value = (await fixture.output(await fixture.start(other))) as Record<string, unknown>;

    assert.deepEqual([text['Status'], text['Input'], text['Output']], ['SUCCEEDED', '{}', '{"out":1}']);
    assert.deepEqual([value['Input'], value['Output']], [{}, { out: 1 }]);
  });

  it('fails as States.TaskFailed with the description of a child that failed', async () => {
    const arn = await fixture.start(start('startExecution.sync', { fail: true }));

    const { error, cause } = await fixture.describe(arn);
    assert.equal(error, 'States.TaskFailed');
    assert.deepEqual([JSON.parse(cause).Status, JSON.parse(cause).Error], ['FAILED', 'Child']);
  });

  it('goes on waiting for the same child after a restart', async () => {
    const arn = await fixture.start(start('startExecution.sync:2', { wait: true }));
    await fixture.restart();
    await fixture.time.advance(60_000);

    assert.equal(((await fixture.output(arn)) as { Status: string }).Status, 'SUCCEEDED');
    assert.equal((await fixture.call('ListExecutions', { stateMachineArn: machine })).executions.length, 1);
  });

  it('stops the child when its parent is stopped or times out', async () => {
    const arn = await fixture.start(start('startExecution.sync', { wait: true }, { TimeoutSeconds: 5 }));
    await fixture.time.advance(5000);

    assert.equal((await fixture.describe(arn)).error, 'States.Timeout');
    assert.equal((await fixture.describe(childArn)).status, 'ABORTED');
  });

  it('reports a machine that is not there by the name of the SDK', async () => {
    const gone = start('startExecution', {});
    gone.Child.Arguments.StateMachineArn = `${machine}-gone`;

    assert.match(
      String(await fixture.output(await fixture.start(gone))),
      /StepFunctions.StateMachineDoesNotExistException: State Machine Does/,
    );
  });
});

describe('events:putEvents', () => {
  it('sends the detail as text, with the execution among the resources', async () => {
    const Entries = [{ Source: 'me', DetailType: 'x', Detail: { a: 1 } }];
    const arn = await fixture.start({
      Put: { Type: 'Task', Resource: 'arn:aws:states:::events:putEvents', Arguments: { Entries }, End: true },
    });

    assert.deepEqual(await fixture.output(arn), { Entries: [{ EventId: 'event-1' }], FailedEntryCount: 0 });
    const [
      {
        Entries: [entry],
      },
    ] = fixture.events as [{ Entries: [{ Detail: string; Resources: string[] }] }];
    assert.deepEqual([entry.Detail, entry.Resources[0]], ['{"a":1}', arn]);
  });
});
