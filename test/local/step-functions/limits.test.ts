import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { arnOf, createFixture } from './engine-fixture.ts';
import { quiet } from './virtual-clock.ts';

let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture({ large: () => 'x'.repeat(262_200) });
});
afterEach(() => fixture.close());

const large = "{% $join($map($range(1, 300, 1), function($n) { $pad('', 1000, 'x') })) %}";

describe('limits', () => {
  it('fail an output over 256 KiB by a name that States.ALL does not take', async () => {
    const states = (name: string) => ({
      Each: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: { Type: 'Pass', Output: large, End: true } } }],
        Catch: [{ ErrorEquals: [name], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', Output: 'caught', End: true },
    });

    assert.match(String(await fixture.output(await fixture.start(states('States.ALL')))), /States.DataLimitExceeded/);
    assert.equal(await fixture.output(await fixture.start(states('States.DataLimitExceeded'))), 'caught');
  });

  it('fail an Assign over 256 KiB', async () => {
    const arn = await fixture.start({ A: { Type: 'Pass', Assign: { x: large }, Output: 1, End: true } });

    assert.match(String(await fixture.output(arn)), /States.DataLimitExceeded/);
  });

  it('fail a task whose result is over 256 KiB, which States.ALL does take', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }];
    const arn = await fixture.start({
      Do: { Type: 'Task', Resource: arnOf('large'), Catch, End: true },
      Caught: { Type: 'Succeed' },
    });

    assert.equal(await fixture.output(arn), 'States.DataLimitExceeded');
  });

  it('refuse an input over 256 KiB, or one that is no JSON, and a name AWS does not take', async () => {
    await fixture.call('CreateStateMachine', {
      name: 'm',
      definition: '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
    });
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
    const start = (more: Record<string, string>) => fixture.call('StartExecution', { stateMachineArn, ...more });

    await assert.rejects(start({ input: JSON.stringify('x'.repeat(262_143)) }), { name: 'InvalidExecutionInput' });
    await assert.rejects(start({ input: '{' }), { name: 'InvalidExecutionInput' });
    await assert.rejects(start({ name: 'a.b' }), { name: 'InvalidName' });
    await assert.rejects(start({ name: 'x'.repeat(81) }), { name: 'InvalidName' });
  });

  it('fail an execution before its history has more than 25,000 events', async () => {
    const arn = await fixture.start({
      Again: { Type: 'Pass', Next: 'More' },
      More: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Again' }], Default: 'Never' },
      Never: { Type: 'Succeed' },
    });
    while ((await fixture.describe(arn)).status === 'RUNNING') await quiet();
    const { status, error, cause } = await fixture.describe(arn);
    const { events } = await fixture.call('GetExecutionHistory', {
      executionArn: arn,
      reverseOrder: true,
      maxResults: 1,
    });

    assert.deepEqual([status, error], ['FAILED', 'States.Runtime']);
    assert.match(cause, /25000/);
    const last = events[0]?.id ?? 0;
    assert.ok(last > 24_900 && last <= 25_000, `it ended at event ${last}`);
  });

  it('fail a Choice without a match, and a condition that is no boolean', async () => {
    const choice = (Condition: string) => ({
      Choose: { Type: 'Choice', Choices: [{ Condition, Next: 'Done' }] },
      Done: { Type: 'Succeed' },
    });

    assert.match(String(await fixture.output(await fixture.start(choice('{% false %}')))), /States.NoChoiceMatched/);
    assert.match(
      String(await fixture.output(await fixture.start(choice('{% 1 %}')))),
      /Expected 'boolean', but was 'number'/,
    );
  });
});
