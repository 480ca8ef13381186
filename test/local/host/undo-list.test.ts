import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undoList } from '../../../local/host/undo-list.ts';

describe('undoList', () => {
  it('undoes in the opposite order, each after the one before has ended', async () => {
    const undo = undoList();
    const done: string[] = [];
    undo.add('the first', () => void done.push('first'));
    undo.add('the second', async () => {
      await new Promise(setImmediate);
      done.push('second');
    });

    await undo.run(assert.fail);

    assert.deepEqual(done, ['second', 'first']);
  });

  it('goes on when one fails, and tells of it', async () => {
    const undo = undoList();
    const done: string[] = [];
    const told: string[] = [];
    undo.add('the first', () => void done.push('first'));
    undo.add('the second', () => Promise.reject(new Error('stuck')));
    undo.add('the third', () => {
      throw new Error('broken');
    });

    await undo.run((what) => void told.push(what));

    assert.deepEqual(done, ['first']);
    assert.deepEqual(told, [
      'the third did not stop cleanly: Error: broken',
      'the second did not stop cleanly: Error: stuck',
    ]);
  });

  it('undoes everything once, however often it is asked', async () => {
    const undo = undoList();
    let times = 0;
    undo.add('it', () => {
      times += 1;
    });

    await Promise.all([undo.run(assert.fail), undo.run(assert.fail)]);
    await undo.run(assert.fail);

    assert.equal(times, 1);
  });
});
