import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { startScheduler } from '../../../local/schedule/start-scheduler.ts';

describe('the scheduler', () => {
  const calls: [string, unknown][] = [];
  const faults: string[] = [];
  const start = (expression: string, input?: string, invoke = async () => undefined as unknown, atOnce = 'nobody') =>
    startScheduler({
      schedules: [{ name: 'Tick', expression, timeZone: 'UTC', functionName: 'Health', ...(input && { input }) }],
      invoke(name, event) {
        calls.push([name, JSON.parse(event)]);
        return invoke();
      },
      now: () => new Date(),
      region: 'us-east-1',
      account: '000000000000',
      onFault: (what) => faults.push(what),
      atOnce,
    });

  beforeEach(() => {
    calls.length = 0;
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 23, 9, 0, 0) });
  });
  afterEach(() => mock.timers.reset());

  it('calls the function at each due time, which it puts into the input', () => {
    const { stop } = start('rate(1 minute)', '{"scheduledTime":"<aws.scheduler.scheduled-time>"}');
    mock.timers.tick(60_000);
    mock.timers.tick(60_000);
    stop();

    assert.deepEqual(calls, [
      ['Health', { scheduledTime: '2026-11-23T09:01:00Z' }],
      ['Health', { scheduledTime: '2026-11-23T09:02:00Z' }],
    ]);
  });

  it("gives a rule's function the event of EventBridge", () => {
    const { stop } = start('cron(5 9 ? * * *)');
    mock.timers.tick(300_000);
    stop();

    assert.deepEqual(calls[0]?.[1], {
      version: '0',
      id: 'Tick-1795424700000',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-11-23T09:05:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/Tick'],
      detail: {},
    });
  });

  it('calls one function at once too, where it is told so', () => {
    const { stop } = start('rate(1 minute)', '{"scheduledTime":"<aws.scheduler.scheduled-time>"}', undefined, 'Health');
    assert.deepEqual(calls, [['Health', { scheduledTime: '2026-11-23T09:00:00Z' }]]);
    mock.timers.tick(60_000);
    stop();

    assert.equal(calls.length, 2);
  });

  it('goes on after a call that failed, and tells of it', async () => {
    const { stop } = start('rate(1 minute)', '{}', () => Promise.reject(new Error('no')));
    mock.timers.tick(60_000);
    await new Promise(setImmediate);
    mock.timers.tick(60_000);
    stop();

    assert.equal(calls.length, 2);
    assert.deepEqual(faults[0], 'Schedule Tick: Error: no');
  });

  it('calls nobody after it was stopped', () => {
    start('rate(1 minute)', '{}').stop();
    mock.timers.tick(600_000);

    assert.deepEqual(calls, []);
  });

  it('names the schedule that it cannot read', () => {
    assert.throws(() => start('sometimes'), { message: /^Schedule Tick: "sometimes" is none of/ });
  });
});
