import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inTurns } from '../../../domain/kill/turns.ts';

/** Work that says when it began, and ends when it is told to. */
function works(count: number) {
  const begun: number[] = [];
  const all = Array.from({ length: count }, (_, number) => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const work = () => {
      begun.push(number);
      return promise;
    };
    return { work, end: () => resolve(number) };
  });
  return { begun, all };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('inTurns', () => {
  it('lets so many begin, and then one more for each that ends, first come first served', async () => {
    const turn = inTurns(2, 60_000);
    const { begun, all } = works(4);
    const done = Promise.all(all.map(({ work }) => turn(work)));
    await settle();
    assert.deepEqual(begun, [0, 1]);

    all[1]?.end();
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);

    for (const { end } of all) end();
    assert.deepEqual(await done, [0, 1, 2, 3]);
  });

  it('lets everybody begin whose patience is at an end, whatever hangs', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const turn = inTurns(1, 2_000);
    const { begun, all } = works(3);
    const done = Promise.all(all.map(({ work }) => turn(work)));
    await settle();
    test.mock.timers.tick(1_999);
    await settle();
    assert.deepEqual(begun, [0]);

    test.mock.timers.tick(1);
    await settle();

    assert.deepEqual(begun, [0, 1, 2]);
    for (const { end } of all) end();
    await done;
  });

  it('goes on after work that failed, which is told to who asked', async () => {
    const turn = inTurns(1, 60_000);
    const failing = turn(() => Promise.reject(new Error('no')));
    const next = turn(async () => 'done');

    await assert.rejects(failing, /no/);
    assert.equal(await next, 'done');
  });
});
