import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { matchesError } from '../../../local/step-functions/execution/match-error.ts';
import { retryDelay } from '../../../local/step-functions/execution/retry-delay.ts';
import { StateFailure } from '../../../local/step-functions/failure.ts';
import { arnOf, createFixture, FunctionError } from './engine-fixture.ts';

const failing =
  (...names: string[]) =>
  (_event: unknown, call: number) => {
    const name = names[call - 1];
    if (name) throw new FunctionError(name);
    return 'done';
  };
let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture({
    twice: failing('A', 'A'),
    mixed: failing('A', 'B', 'A'),
    always: failing(...Array(99).fill('A')),
  });
});
afterEach(() => fixture.close());

describe('matchesError', () => {
  const taken = (name: string, failure: ConstructorParameters<typeof StateFailure>[0]) =>
    matchesError([name], new StateFailure(failure));

  it('lets States.ALL take all but States.Runtime and oversize data', () => {
    assert.ok(taken('States.ALL', { error: 'Mine' }));
    assert.ok(taken('States.ALL', { error: 'States.Timeout' }));
    assert.ok(taken('States.ALL', {}), 'a callback without an error name');
    assert.ok(!taken('States.ALL', { error: 'States.Runtime' }));
    assert.ok(!taken('States.ALL', { error: 'States.DataLimitExceeded', onlyByName: true }));
    assert.ok(taken('States.DataLimitExceeded', { error: 'States.DataLimitExceeded', onlyByName: true }));
  });

  it('lets States.TaskFailed take all but timeouts and States.Runtime', () => {
    assert.ok(taken('States.TaskFailed', { error: 'Mine' }));
    assert.ok(!taken('States.TaskFailed', { error: 'States.Timeout' }));
    assert.ok(!taken('States.TaskFailed', { error: 'States.Runtime' }));
  });

  it('knows a missed heartbeat by both of its names', () => {
    const missed = { error: 'States.Timeout', alias: 'States.HeartbeatTimeout' };
    assert.ok(taken('States.Timeout', missed));
    assert.ok(taken('States.HeartbeatTimeout', missed));
    assert.ok(!taken('States.HeartbeatTimeout', { error: 'States.Timeout' }));
  });
});

describe('retryDelay', () => {
  it('grows by the rate, up to the longest delay', () => {
    const retrier = { ErrorEquals: ['A'], IntervalSeconds: 3, BackoffRate: 2, MaxDelaySeconds: 10 };

    assert.deepEqual(
      [0, 1, 2, 3].map((spent) => retryDelay(retrier, spent, () => 1)),
      [3000, 6000, 10_000, 10_000],
    );
  });

  it('draws from the whole delay with full jitter', () => {
    assert.equal(
      retryDelay({ ErrorEquals: ['A'], JitterStrategy: 'FULL' }, 1, () => 0.25),
      500,
    );
  });
});

describe('Retry', () => {
  const task = (name: string, Retry: never[] | object[]) => ({
    Do: { Type: 'Task', Resource: arnOf(name), Retry: Retry as never, End: true },
  });

  it('waits 1, then 2 seconds, and not a moment less', async () => {
    const arn = await fixture.start(task('twice', [{ ErrorEquals: ['States.ALL'] }]));
    assert.equal(fixture.calls.length, 1);

    await fixture.time.advance(999);
    assert.equal(fixture.calls.length, 1);
    await fixture.time.advance(1);
    assert.equal(fixture.calls.length, 2);
    await fixture.time.advance(1999);
    assert.equal(fixture.calls.length, 2);
    await fixture.time.advance(1);

    assert.equal(await fixture.output(arn), 'done');
    assert.deepEqual((await fixture.history(arn)).slice(4, 6), [
      '5<-4 LambdaFunctionFailed',
      '6<-5 LambdaFunctionScheduled',
    ]);
  });

  it('counts the attempts of each retrier apart', async () => {
    const retriers = [
      { ErrorEquals: ['B'], MaxAttempts: 1 },
      { ErrorEquals: ['A'], MaxAttempts: 2 },
    ];
    const arn = await fixture.start(task('mixed', retriers));
    await fixture.time.advance(10_000);

    assert.equal(await fixture.output(arn), 'done');
  });

  it('gives up when the attempts are spent', async () => {
    const arn = await fixture.start(task('always', [{ ErrorEquals: ['A'], MaxAttempts: 2 }]));
    await fixture.time.advance(60_000);

    assert.equal((await fixture.describe(arn)).status, 'FAILED');
    assert.equal(fixture.calls.length, 3);
  });

  it('after a restart waits only what is left, and remembers the attempts', async () => {
    const arn = await fixture.start(task('always', [{ ErrorEquals: ['A'], IntervalSeconds: 10, MaxAttempts: 1 }]));
    await fixture.time.advance(4000);

    await fixture.restart();

    assert.equal(fixture.time.nextIn(), 6000);
    await fixture.time.advance(6000);
    assert.equal(fixture.calls.length, 2);
    assert.equal((await fixture.describe(arn)).status, 'FAILED');
  });
});

describe('Catch', () => {
  const caught = (Catch: object[]) => ({
    Do: { Type: 'Task', Resource: arnOf('always'), Catch: Catch as never, Assign: { own: 1 }, End: true },
    Mend: { Type: 'Pass', Output: { input: '{% $states.input %}', failure: '{% $failure %}' }, End: true },
  });

  it('takes the first catcher that matches, hands on {Error, Cause}, and skips the own Assign', async () => {
    const assign = { failure: '{% $states.errorOutput.Error %}' };
    const arn = await fixture.start(
      caught([
        { ErrorEquals: ['B'], Next: 'Mend' },
        { ErrorEquals: ['A'], Assign: assign, Next: 'Mend' },
      ]),
    );

    const cause = JSON.stringify({ errorType: 'A', errorMessage: 'it failed', trace: [] });
    assert.deepEqual(await fixture.output(arn), { input: { Error: 'A', Cause: cause }, failure: 'A' });
    assert.equal((await fixture.history(arn))[5], '6<-5 TaskStateExited');
  });

  it('hands on its Output when it has one', async () => {
    const output = { was: '{% $states.errorOutput.Error %}', input: '{% $states.input %}' };
    const arn = await fixture.start(
      { ...caught([{ ErrorEquals: ['States.ALL'], Output: output, Next: 'Mend' }]), Mend: { Type: 'Succeed' } },
      { a: 1 },
    );

    assert.deepEqual(await fixture.output(arn), { was: 'A', input: { a: 1 } });
  });

  it('does not catch what fails inside a catcher', async () => {
    const arn = await fixture.start({
      ...caught([{ ErrorEquals: ['States.ALL'], Output: '{% $gone %}', Next: 'Mend' }]),
    });

    const { status, error, cause } = await fixture.describe(arn);
    assert.deepEqual([status, error], ['FAILED', 'States.QueryEvaluationError']);
    assert.match(cause, /'Catch\[0\]\/Output'/);
  });

  it('reports a function that is not there, and one that answers with nothing but noise', async () => {
    const arn = await fixture.start({ Do: { Type: 'Task', Resource: arnOf('missing'), End: true } });

    assert.match(String(await fixture.output(arn)), /^FAILED Lambda.ResourceNotFoundException: Function not found/);
  });
});
