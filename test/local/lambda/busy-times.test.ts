import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { busyTimes } from '../../../local/lambda/busy-times.ts';

const CALM_MS = 10;
const settled = async (promise: Promise<unknown>) => {
  let done = false;
  void promise.then(() => (done = true));
  await Promise.resolve();
  await Promise.resolve();
  return () => done;
};

describe('busyTimes', () => {
  it('lets through at once when nothing goes on', async () => {
    await busyTimes(CALM_MS).quiet(60_000);
  });

  it('holds back while something goes on, and for as long as one thing follows another', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const times = busyTimes(CALM_MS);
    const first = Promise.withResolvers<void>();
    const running = times.during(() => first.promise);
    const isDone = await settled(times.quiet(60_000));
    first.resolve();
    await running;

    test.mock.timers.tick(CALM_MS - 1);
    await times.during(async () => undefined);
    test.mock.timers.tick(CALM_MS - 1);
    await Promise.resolve();
    assert.equal(isDone(), false);
    test.mock.timers.tick(1);
    await Promise.resolve();
    await Promise.resolve();

    assert.equal(isDone(), true);
  });

  it('holds nobody back for longer than they said, also when what goes on never ends', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const times = busyTimes(CALM_MS);
    void times.during(() => new Promise(() => undefined));
    const isDone = await settled(times.quiet(250));

    test.mock.timers.tick(250);
    await Promise.resolve();
    await Promise.resolve();

    assert.equal(isDone(), true);
  });

  it('counts what fails as over', async () => {
    const times = busyTimes(0);
    await assert.rejects(times.during(() => Promise.reject(new Error('no'))));

    await times.quiet(60_000);
  });
});
