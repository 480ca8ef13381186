import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../local/step-functions/clock.ts';
import { arnOf, createFixture, invoke } from './engine-fixture.ts';

let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture({ never: () => new Promise<never>(() => {}), echo: (event) => event });
});
afterEach(() => fixture.close());

describe('Wait', () => {
  it('ends after its seconds, counted from the entry and not from a restart', async () => {
    const arn = await fixture.start({ W: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } }, { s: 60 });
    await fixture.time.advance(40_000);

    await fixture.restart();

    assert.equal(fixture.time.nextIn(), 20_000);
    await fixture.time.advance(20_000);
    assert.deepEqual(await fixture.output(arn), { s: 60 });
    assert.equal((await fixture.history(arn)).filter((line) => line.endsWith('WaitStateEntered')).length, 1);
  });

  it('ends at its timestamp, with nanoseconds and offsets, and at once when that is past', async () => {
    const arn = await fixture.start({
      W: { Type: 'Wait', Timestamp: '2026-11-23T10:00:30.123456789+01:00', End: true },
    });
    const past = await fixture.start({ W: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } });
    await fixture.time.advance(0);

    assert.equal((await fixture.describe(past)).status, 'SUCCEEDED');
    assert.equal(fixture.time.nextIn(), 30_123);
    assert.equal((await fixture.describe(arn)).status, 'RUNNING');
  });

  it('fails on a timestamp that is none, after its entry', async () => {
    const arn = await fixture.start(
      { W: { Type: 'Wait', Timestamp: '{% $states.input %}', End: true } },
      '2026-13-01T00:00:00Z',
    );

    assert.deepEqual((await fixture.history(arn)).slice(2), ['3<-2 EvaluationFailed', '4<-3 ExecutionFailed']);
  });
});

describe('timeouts', () => {
  it('time a task out as States.Timeout without a cause, which States.Timeout catches', async () => {
    const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }];
    const arn = await fixture.start({
      Do: { Type: 'Task', Resource: invoke, Arguments: { FunctionName: 'never' }, TimeoutSeconds: 5, Catch, End: true },
      Late: { Type: 'Succeed' },
    });
    await fixture.time.advance(4999);
    assert.equal((await fixture.describe(arn)).status, 'RUNNING');
    await fixture.time.advance(1);

    assert.deepEqual(await fixture.output(arn), { Error: 'States.Timeout', Cause: null });
    assert.equal((await fixture.history(arn))[4], '5<-4 TaskTimedOut');
  });

  it('count a task from its schedule, also after a restart that calls it again', async () => {
    const arn = await fixture.start({ Do: { Type: 'Task', Resource: arnOf('never'), TimeoutSeconds: 5, End: true } });
    await fixture.time.advance(3000);
    await fixture.restart();
    assert.equal(fixture.calls.length, 2);
    await fixture.time.advance(2000);

    assert.equal((await fixture.describe(arn)).error, 'States.Timeout');
    assert.equal((await fixture.history(arn)).filter((line) => line.endsWith('LambdaFunctionScheduled')).length, 1);
  });

  it('end an execution as TIMED_OUT, counted from its start across a restart', async () => {
    const arn = await fixture.start({ W: { Type: 'Wait', Seconds: 600, End: true } }, {}, { TimeoutSeconds: 10 });
    await fixture.time.advance(6000);
    await fixture.restart();
    await fixture.time.advance(4000);

    const { status, error } = await fixture.describe(arn);
    assert.deepEqual([status, error], ['TIMED_OUT', 'States.Timeout']);
    assert.equal((await fixture.history(arn)).at(-1)?.split(' ')[1], 'ExecutionTimedOut');
  });
});

describe('systemClock', () => {
  it('does not fire at once for a delay beyond what a Node timer holds', async () => {
    let fired = false;
    const disarm = systemClock.at(Date.now() + 2 ** 32, () => {
      fired = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    disarm();

    assert.equal(fired, false);
  });
});
