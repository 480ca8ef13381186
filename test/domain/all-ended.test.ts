import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allEnded } from '../../domain/all-ended.ts';

describe('allEnded', () => {
  it('answers what each came to, in their order', async () => {
    assert.deepEqual(await allEnded([Promise.resolve('a'), Promise.resolve('b')]), ['a', 'b']);
    assert.deepEqual(await allEnded([]), []);
  });

  it('waits for every one of them where some fail, and then says every fault', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    let isOver = false;
    const all = allEnded([Promise.reject(new Error('one')), slow, Promise.reject(new Error('two'))]).finally(() => {
      isOver = true;
    });
    const outcome = assert.rejects(all, { name: 'AggregateError', message: 'Error: one; Error: two' });
    await new Promise(setImmediate);
    assert.equal(isOver, false, 'one of them still goes on');

    resolve();

    await outcome;
  });
});
