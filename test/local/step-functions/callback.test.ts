import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createFixture, FunctionError } from './engine-fixture.ts';
import { quiet } from './virtual-clock.ts';

let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture({
    ask: () => null,
    hang: () => new Promise<never>(() => {}),
    broken: () => {
      throw new FunctionError('Broken');
    },
  });
});
afterEach(() => fixture.close());

const ask = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...more,
});
const tokens = () => fixture.calls.map(({ event }) => (event as { token: string }).token);
const taskToken = () => tokens()[0] ?? 'no call yet';

describe('invoke.waitForTaskToken', () => {
  it('waits for SendTaskSuccess and hands on its output', async () => {
    const arn = await fixture.start({ Ask: ask('ask') });
    assert.equal((await fixture.describe(arn)).status, 'RUNNING');

    await fixture.call('SendTaskSuccess', { taskToken: taskToken(), output: '{"yes":true}' });
    await quiet();

    assert.deepEqual(await fixture.output(arn), { yes: true });
    assert.deepEqual((await fixture.history(arn)).slice(2, 6), [
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskSubmitted',
      '6<-5 TaskSucceeded',
    ]);
  });

  it('fails by SendTaskFailure; without names the catcher reads null', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'No' }];
    const arn = await fixture.start({ Ask: ask('ask', { Catch }), No: { Type: 'Succeed' } });

    await fixture.call('SendTaskFailure', { taskToken: taskToken() });
    await quiet();

    assert.deepEqual(await fixture.output(arn), { Error: null, Cause: null });
  });

  it('fails at once when the function fails', async () => {
    const arn = await fixture.start({ Ask: ask('broken') });

    assert.equal((await fixture.describe(arn)).error, 'Broken');
    await assert.rejects(fixture.call('SendTaskSuccess', { taskToken: taskToken(), output: '1' }), {
      name: 'TaskTimedOut',
    });
  });

  it('knows no made-up token, and no token twice', async () => {
    await fixture.start({ Ask: ask('ask') });
    const success = { taskToken: taskToken(), output: '1' };
    await fixture.call('SendTaskSuccess', success);

    await assert.rejects(fixture.call('SendTaskSuccess', success), { name: 'TaskTimedOut' });
    await assert.rejects(fixture.call('SendTaskHeartbeat', { taskToken: taskToken() }), { name: 'TaskTimedOut' });
    await assert.rejects(fixture.call('SendTaskFailure', { taskToken: 'made-up' }), { name: 'InvalidToken' });
    await assert.rejects(fixture.call('SendTaskSuccess', { taskToken: 'x', output: '{' }), { name: 'InvalidOutput' });
  });

  it('times out absolutely, however many heartbeats came', async () => {
    const arn = await fixture.start({ Ask: ask('ask', { TimeoutSeconds: 10, HeartbeatSeconds: 4 }) });
    for (let beat = 0; beat < 3; beat += 1) {
      await fixture.time.advance(3000);
      await fixture.call('SendTaskHeartbeat', { taskToken: taskToken() });
    }
    assert.equal((await fixture.describe(arn)).status, 'RUNNING');
    await fixture.time.advance(1000);

    assert.equal((await fixture.describe(arn)).error, 'States.Timeout');
    await assert.rejects(fixture.call('SendTaskSuccess', { taskToken: taskToken(), output: '1' }), {
      name: 'TaskTimedOut',
    });
  });

  it('times out when a heartbeat is missed; Catch may know it by either name', async () => {
    const Catch = [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Silent' }];
    const arn = await fixture.start({
      Ask: ask('ask', { TimeoutSeconds: 60, HeartbeatSeconds: 4, Catch }),
      Silent: { Type: 'Succeed' },
    });
    await fixture.time.advance(4000);

    assert.deepEqual(await fixture.output(arn), { Error: 'States.Timeout', Cause: null });
  });

  it('after a restart does not call again once TaskSubmitted is written, and takes the old token', async () => {
    const arn = await fixture.start({ Ask: ask('ask') });
    await fixture.restart();
    assert.equal(fixture.calls.length, 1);

    await fixture.call('SendTaskSuccess', { taskToken: taskToken(), output: '"late"' });
    await quiet();

    assert.equal(await fixture.output(arn), 'late');
  });

  it('after a restart during the call asks again with the same token', async () => {
    await fixture.start({ Ask: ask('hang') });
    await fixture.restart();

    assert.equal(fixture.calls.length, 2);
    assert.equal(tokens()[0], tokens()[1]);
  });

  it('keeps a result that came before the crash', async () => {
    const arn = await fixture.start({ Ask: ask('ask') });
    void fixture.call('SendTaskSuccess', { taskToken: taskToken(), output: '"kept"' });
    await fixture.restart();
    await quiet();

    assert.equal(await fixture.output(arn), 'kept');
  });

  it('gives a retried task another token', async () => {
    await fixture.start({ Ask: ask('broken', { Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }] }) });
    await fixture.time.advance(1000);

    assert.equal(new Set(tokens()).size, 2);
  });
});
