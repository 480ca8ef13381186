import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createFixture } from './engine-fixture.ts';
import { quiet } from './virtual-clock.ts';

let fixture: ReturnType<typeof createFixture>;
beforeEach(() => {
  fixture = createFixture();
});
afterEach(() => fixture.close());

const told = () => fixture.statuses.map(({ detail: { name, status } }) => `${name.slice(-2)} ${status}`);

describe('status events', () => {
  it('tell the start and the end of an execution, in order and with its data', async () => {
    const arn = await fixture.start({ A: { Type: 'Fail', Error: 'E', Cause: 'c' } }, { a: 1 });

    assert.deepEqual(
      fixture.statuses.map(({ detail }) => detail.status),
      ['RUNNING', 'FAILED'],
    );
    const [, end] = fixture.statuses;
    assert.equal(end?.source, 'aws.states');
    assert.equal(end?.['detail-type'], 'Step Functions Execution Status Change');
    const { executionArn, input, output, error, cause, startDate, stopDate } = end.detail;
    assert.deepEqual([executionArn, input, output, error, cause], [arn, '{"a":1}', null, 'E', 'c']);
    assert.deepEqual([startDate, stopDate], [Date.parse('2026-11-23T09:00:00Z'), Date.parse('2026-11-23T09:00:00Z')]);
  });

  it('are told again, a second later, until the host took them', async () => {
    let refusals = 2;
    fixture.onDeliver(async (event) => {
      if (refusals > 0) {
        refusals -= 1;
        throw new Error('not now');
      }
      fixture.statuses.push(event);
    });
    await fixture.start({ A: { Type: 'Succeed' } });
    assert.deepEqual(told(), []);
    await fixture.time.advance(2000);

    assert.deepEqual(
      fixture.statuses.map(({ detail }) => detail.status),
      ['RUNNING', 'SUCCEEDED'],
    );
  });

  it('survive a restart when the host never took them, and are not repeated when it did', async () => {
    fixture.onDeliver(() => new Promise(() => {}));
    await fixture.start({ A: { Type: 'Succeed' } });
    fixture.onDeliver(async (event) => void fixture.statuses.push(event));
    await fixture.restart();
    await quiet();
    assert.deepEqual(
      fixture.statuses.map(({ detail }) => detail.status),
      ['RUNNING', 'SUCCEEDED'],
    );

    await fixture.restart();
    assert.equal(fixture.statuses.length, 2);
  });

  it('of one execution do not wait for those of another', async () => {
    fixture.onDeliver(async (event) => {
      if (event.detail.input === '"stuck"') return new Promise(() => {});
      fixture.statuses.push(event);
    });
    await fixture.start({ A: { Type: 'Succeed' } }, 'stuck');
    await fixture.start({ A: { Type: 'Succeed' } }, 'free');

    assert.equal(fixture.statuses.length, 2);
  });
});

describe('StopExecution', () => {
  it('aborts at once, keeps the reason, and leaves an ended execution alone', async () => {
    const arn = await fixture.start({ W: { Type: 'Wait', Seconds: 60, End: true } });
    await fixture.call('StopExecution', { executionArn: arn, error: 'Enough', cause: 'by hand' });
    const { status, error, cause } = await fixture.describe(arn);
    const history = await fixture.history(arn);
    await fixture.call('StopExecution', { executionArn: arn });
    await fixture.time.advance(60_000);

    assert.deepEqual([status, error, cause], ['ABORTED', 'Enough', 'by hand']);
    assert.deepEqual(history.slice(1), ['2<-0 WaitStateEntered', '3<-0 ExecutionAborted']);
    assert.deepEqual(await fixture.history(arn), history);
    await quiet();
    assert.equal(fixture.statuses.at(-1)?.detail.status, 'ABORTED');
  });
});
