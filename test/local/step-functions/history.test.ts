import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Json } from '../../../local/step-functions/json.ts';
import { arnOf, createFixture, FunctionError, invoke } from './engine-fixture.ts';

const functions = {
  echo: (event: Json) => event,
  broken: () => {
    throw new FunctionError('Broken', 'no luck');
  },
};
const call = (name: string, more = {}) => ({
  Type: 'Task',
  Resource: invoke,
  Arguments: { FunctionName: name, Payload: '{% $states.input %}' },
  ...more,
});
let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture(functions);
});
afterEach(() => fixture.close());

describe('the history', () => {
  it('numbers events from 1, and gives the first entered state no predecessor', async () => {
    const arn = await fixture.start({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } });

    assert.deepEqual(await fixture.history(arn), [
      '1<-0 ExecutionStarted',
      '2<-0 PassStateEntered',
      '3<-2 PassStateExited',
      '4<-3 SucceedStateEntered',
      '5<-4 SucceedStateExited',
      '6<-5 ExecutionSucceeded',
    ]);
  });

  it('shows a Lambda task by the form of its resource', async () => {
    const plain = { Type: 'Task', Resource: arnOf('echo'), Next: 'B' };
    const arn = await fixture.start({ A: plain, B: call('echo', { End: true }) });

    assert.deepEqual((await fixture.history(arn)).slice(2, 10), [
      '3<-2 LambdaFunctionScheduled',
      '4<-3 LambdaFunctionStarted',
      '5<-4 LambdaFunctionSucceeded',
      '6<-5 TaskStateExited',
      '7<-6 TaskStateEntered',
      '8<-7 TaskScheduled',
      '9<-8 TaskStarted',
      '10<-9 TaskSucceeded',
    ]);
  });

  it('goes straight from the cause of an uncaught failure to ExecutionFailed', async () => {
    const arn = await fixture.start({ A: call('broken', { End: true }) });

    assert.deepEqual((await fixture.history(arn)).slice(4), ['5<-4 TaskFailed', '6<-5 ExecutionFailed']);
    const { error, cause } = await fixture.describe(arn);
    assert.equal(error, 'Broken');
    assert.deepEqual(JSON.parse(cause), { errorType: 'Broken', errorMessage: 'no luck', trace: [] });
  });

  it('puts EvaluationFailed after the predecessor of the entry', async () => {
    const arn = await fixture.start({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Pass', Output: '{% $gone %}', End: true },
    });

    assert.deepEqual((await fixture.history(arn)).slice(3), [
      '4<-3 PassStateEntered',
      '5<-3 EvaluationFailed',
      '6<-5 ExecutionFailed',
    ]);
  });

  it('links the iterations of a Map one after the other when one runs at a time', async () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } };
    const arn = await fixture.start(
      { Each: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: inner, End: true } },
      [7, 8],
    );

    assert.deepEqual(await fixture.history(arn), [
      '1<-0 ExecutionStarted',
      '2<-0 MapStateEntered',
      '3<-2 MapStateStarted',
      '4<-3 MapIterationStarted',
      '5<-4 PassStateEntered',
      '6<-5 PassStateExited',
      '7<-6 MapIterationSucceeded',
      '8<-6 MapIterationStarted',
      '9<-8 PassStateEntered',
      '10<-9 PassStateExited',
      '11<-10 MapIterationSucceeded',
      '12<-11 MapStateSucceeded',
      '13<-11 MapStateExited',
      '14<-13 ExecutionSucceeded',
    ]);
  });

  it('starts all iterations first when nothing limits them', async () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } };
    const arn = await fixture.start({ Each: { Type: 'Map', ItemProcessor: inner, End: true } }, [7, 8, 9]);

    assert.deepEqual((await fixture.history(arn)).slice(3, 6), [
      '4<-3 MapIterationStarted',
      '5<-3 MapIterationStarted',
      '6<-3 MapIterationStarted',
    ]);
    assert.deepEqual(await fixture.output(arn), [7, 8, 9]);
  });

  it('retries a Map with MapStateStarted after the failing event, and tells MapStateFailed once', async () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Fail', Error: 'E' } } };
    const retry = [{ ErrorEquals: ['E'], MaxAttempts: 1 }];
    const arn = await fixture.start({ Each: { Type: 'Map', ItemProcessor: inner, Retry: retry, End: true } }, [7]);
    await fixture.time.advance(1000);

    assert.deepEqual((await fixture.history(arn)).slice(4), [
      '5<-4 FailStateEntered',
      '6<-5 MapIterationFailed',
      '7<-5 MapStateStarted',
      '8<-7 MapIterationStarted',
      '9<-8 FailStateEntered',
      '10<-9 MapIterationFailed',
      '11<-9 MapStateFailed',
      '12<-11 ExecutionFailed',
    ]);
  });

  it('carries data as JSON text, assigned variables on the exit, and none of it when not asked to', async () => {
    const executionArn = await fixture.start(
      { A: { Type: 'Pass', Assign: { x: [1] }, Output: 2, End: true } },
      { a: 1 },
    );

    const { events } = await fixture.call('GetExecutionHistory', { executionArn });
    const bare = await fixture.call('GetExecutionHistory', { executionArn, includeExecutionData: false });

    assert.deepEqual(events[1]?.stateEnteredEventDetails, {
      name: 'A',
      input: '{"a":1}',
      inputDetails: { truncated: false },
    });
    assert.deepEqual(events[2]?.stateExitedEventDetails, {
      name: 'A',
      output: '2',
      outputDetails: { truncated: false },
      assignedVariables: { x: '[1]' },
      assignedVariablesDetails: { truncated: false },
    });
    assert.deepEqual(bare.events[2]?.stateExitedEventDetails, { name: 'A' });
  });

  it('leaves out what is absent', async () => {
    const arn = await fixture.start({ A: { Type: 'Fail' } });

    const { events } = await fixture.call('GetExecutionHistory', { executionArn: arn });
    const { status, error, cause } = await fixture.describe(arn);

    assert.deepEqual(events.at(-1)?.executionFailedEventDetails, {});
    assert.deepEqual([status, error, cause], ['FAILED', undefined, undefined]);
  });

  it('comes in pages, forward and backward', async () => {
    const executionArn = await fixture.start({ A: { Type: 'Pass', End: true } });
    const ids: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await fixture.call('GetExecutionHistory', {
        executionArn,
        maxResults: 3,
        ...(nextToken && { nextToken }),
      });
      ids.push(...page.events.map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken);
    const back = await fixture.call('GetExecutionHistory', { executionArn, maxResults: 1, reverseOrder: true });

    assert.deepEqual(ids, [1, 2, 3, 4]);
    assert.equal(back.events[0]?.type, 'ExecutionSucceeded');
    assert.equal(typeof back.nextToken, 'string');
  });
});
