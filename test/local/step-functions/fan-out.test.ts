import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { arnOf, createFixture, FunctionError } from './engine-fixture.ts';

const never = () => new Promise<never>(() => {});
let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture({
    echo: (event) => event,
    never,
    broken: () => {
      throw new FunctionError('Broken');
    },
  });
});
afterEach(() => fixture.close());

const branch = (state: object) => ({ StartAt: 'In', States: { In: state as never } });
const task = (name: string) => ({ Type: 'Task', Resource: arnOf(name), End: true });

describe('Parallel', () => {
  it('hands its Arguments to every branch and lists the outputs in the order of the branches', async () => {
    const branches = [
      branch({ Type: 'Wait', Seconds: 5, End: true }),
      branch({ Type: 'Pass', Output: 'second', End: true }),
    ];
    const arn = await fixture.start({ Both: { Type: 'Parallel', Arguments: 'first', Branches: branches, End: true } });
    await fixture.time.advance(5000);

    assert.deepEqual(await fixture.output(arn), ['first', 'second']);
  });

  it('aborts the sibling branches at the first failure, and fails with that error', async () => {
    const branches = [branch(task('never')), branch({ Type: 'Wait', Seconds: 60, End: true }), branch(task('broken'))];
    const arn = await fixture.start({ Both: { Type: 'Parallel', Branches: branches, End: true } });

    const types = (await fixture.history(arn)).map((line) => line.split(' ')[1]);
    assert.deepEqual(types.slice(-6), [
      'LambdaFunctionFailed',
      'TaskStateAborted',
      'TaskStateAborted',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
    assert.equal((await fixture.describe(arn)).error, 'Broken');
  });

  it('catches the failure of a branch, also by States.TaskFailed', async () => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Mend' }];
    const both = { Type: 'Parallel', Branches: [branch(task('broken')), branch(task('never'))], Catch, End: true };
    const arn = await fixture.start({
      Both: both,
      Mend: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
    });

    assert.equal(await fixture.output(arn), 'Broken');
  });

  it('writes nothing more for a branch that was called off', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Rest' }];
    const slow = branch({ Type: 'Wait', Seconds: 5, End: true });
    const arn = await fixture.start({
      Both: { Type: 'Parallel', Branches: [slow, branch(task('broken'))], Catch, End: true },
      Rest: { Type: 'Wait', Seconds: 60, End: true },
    });
    const before = await fixture.history(arn);
    await fixture.time.advance(10_000);

    assert.deepEqual(await fixture.history(arn), before);
  });

  it('shows outer variables to its branches and keeps theirs from the outside', async () => {
    const inner = branch({ Type: 'Pass', Assign: { mine: '{% $outer + 1 %}' }, Output: '{% $outer %}', End: true });
    const arn = await fixture.start({
      Set: { Type: 'Pass', Assign: { outer: 41 }, Next: 'Both' },
      Both: { Type: 'Parallel', Branches: [inner], Next: 'Look' },
      Look: { Type: 'Pass', Output: '{% [$outer, $states.input[0], $exists($mine)] %}', End: true },
    });

    assert.deepEqual(await fixture.output(arn), [41, 41, false]);
  });
});

describe('Map', () => {
  it('gives each iteration its item by ItemSelector and context, at most MaxConcurrency at once', async () => {
    const ItemSelector = { n: '{% $states.context.Map.Item.Index %}', v: '{% $states.context.Map.Item.Value %}' };
    const inner = branch({
      Type: 'Wait',
      Seconds: 1,
      Output: '{% $states.input.v * 10 + $states.input.n %}',
      End: true,
    });
    const arn = await fixture.start(
      {
        Each: {
          Type: 'Map',
          Items: '{% $states.input.list %}',
          ItemSelector,
          MaxConcurrency: 2,
          ItemProcessor: inner,
          End: true,
        },
      },
      { list: [5, 6, 7] },
    );
    const started = async () =>
      (await fixture.history(arn)).filter((line) => line.endsWith('MapIterationStarted')).length;

    assert.equal(await started(), 2);
    await fixture.time.advance(1000);
    assert.equal(await started(), 3);
    await fixture.time.advance(1000);
    assert.deepEqual(await fixture.output(arn), [50, 61, 72]);
  });

  it('refuses items that are no array, without a location when they are its input', async () => {
    const inner = branch({ Type: 'Succeed' });
    const given = await fixture.start({ Each: { Type: 'Map', ItemProcessor: inner, End: true } }, { a: 1 });
    const made = await fixture.start({ Each: { Type: 'Map', Items: "{% 'x' %}", ItemProcessor: inner, End: true } });

    assert.match(String(await fixture.output(given)), /Map state input must be an array but was: \{"a":1\}/);
    assert.match(String(await fixture.output(made)), /Expected 'array', but was 'string' for value: "x"/);
  });

  it('goes on after a restart where each iteration stood', async () => {
    const inner = {
      StartAt: 'Count',
      States: {
        Count: { Type: 'Task', Resource: arnOf('echo'), Next: 'Wait' },
        Wait: { Type: 'Wait', Seconds: '{% $states.input %}', End: true },
      },
    };
    const arn = await fixture.start({ Each: { Type: 'Map', ItemProcessor: inner, End: true } }, [1, 5, 9]);
    await fixture.time.advance(2000);

    await fixture.restart();
    await fixture.time.advance(3000);
    await fixture.restart();
    await fixture.time.advance(4000);

    assert.deepEqual(await fixture.output(arn), [1, 5, 9]);
    assert.equal(fixture.calls.length, 3);
    const ids = (await fixture.history(arn)).map((line) => Number(line.split('<')[0]));
    assert.deepEqual(
      ids,
      ids.map((_, index) => index + 1),
    );
  });
});
