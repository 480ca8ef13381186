import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gate } from '../../../local/lambda/gate.ts';

describe('gate', () => {
  it('lets so many through at a time, the others in their order, also after a failure', async () => {
    const { run } = gate(2);
    const tasks = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const started: number[] = [];
    const all = tasks.map(({ promise }, index) =>
      run(() => {
        started.push(index);
        return promise;
      }),
    );
    await Promise.resolve();
    assert.deepEqual(started, [0, 1]);

    tasks[1]?.reject(new Error('no'));
    await assert.rejects(all[1] ?? Promise.resolve());
    assert.deepEqual(started, [0, 1, 2]);

    for (const { resolve } of tasks) resolve();
    await Promise.allSettled(all);
    assert.deepEqual(started, [0, 1, 2, 3]);
  });

  it('lets the next one through, once, when somebody holds a place for too long', async () => {
    const { run } = gate(1, 5);
    const slow = Promise.withResolvers<void>();
    const first = run(() => slow.promise);

    assert.equal(await run(async () => 'second'), 'second');

    slow.resolve();
    await first;
    const both = Promise.withResolvers<void>();
    const started: string[] = [];
    const again = ['a', 'b'].map((name) =>
      run(() => {
        started.push(name);
        return both.promise;
      }),
    );
    await Promise.resolve();
    assert.deepEqual(started, ['a']); // the late one gave back a place that it had given up before
    both.resolve();
    await Promise.all(again);
  });

  it('is free again when everybody has gone', async () => {
    const { run } = gate(1);
    await run(async () => 'first');

    assert.equal(await run(async () => 'second'), 'second');
  });
});
