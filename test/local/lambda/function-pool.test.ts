import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FunctionPool } from '../../../local/lambda/function-pool.ts';
import type { InvokeResult, Sandbox } from '../../../local/lambda/start-sandbox.ts';

const START_MS = 30;
const BROKEN = { errorType: 'Runtime.ExitError', errorMessage: 'it ended' };
const answer: InvokeResult = { payload: '"done"', failed: false };
const fn = {
  ...{ name: 'Kill', arn: 'arn', codePath: '', handler: 'index.handler' },
  ...{ timeoutMs: 5000, memoryMb: 128, environment: {}, asyncRetries: 0 },
};

/** A pool whose sandboxes take so long to start, the first `broken` of them in vain, and whose invocations end when their turn is given by name. */
function poolOf({ broken = 0, ...options }: { kept?: number; most?: number; broken?: number } = {}) {
  const started: Sandbox[] = [];
  const hanging = new Set<string>();
  const dead = new Set<Sandbox>();
  const pool = new FunctionPool(
    fn,
    { kept: 0, most: 8, idleMs: 60_000, environment: {}, onLine: () => undefined, ...options },
    () => {
      const ended = Promise.withResolvers<InvokeResult>();
      const sandbox: Sandbox = {
        loaded: delay(START_MS, started.length < broken ? BROKEN : undefined),
        alive: () => !dead.has(sandbox),
        run: ({ requestId }) => (hanging.has(requestId) ? ended.promise : Promise.resolve(answer)),
        end: async () => ended.resolve(answer),
      };
      started.push(sandbox);
      return sandbox;
    },
  );
  return { pool, started, hanging, dead };
}

describe('FunctionPool', () => {
  it('starts one sandbox for many invocations at once that it serves sooner than new ones would', async () => {
    const { pool, started } = poolOf();

    const results = await Promise.all(Array.from({ length: 8 }, (_, index) => pool.invoke(`r-${index}`, '{}')));

    assert.equal(results.length, 8);
    assert.equal(started.length, 1);
    await pool.end();
  });

  it('starts another one when the one that is there stays busy for as long as a start takes', async () => {
    const { pool, started, hanging } = poolOf();
    await pool.invoke('first', '{}');
    hanging.add('hangs');
    const hung = pool.invoke('hangs', '{}');

    assert.deepEqual(await pool.invoke('next', '{}'), answer);

    assert.equal(started.length, 2);
    await pool.end();
    await hung;
  });

  it('starts another one when all that it may have ended by themselves', async () => {
    const { pool, started, dead } = poolOf({ kept: 1, most: 1 });
    await pool.invoke('first', '{}');
    for (const sandbox of started) dead.add(sandbox);

    assert.deepEqual(await pool.invoke('next', '{}'), answer);

    assert.equal(started.length, 2);
    await pool.end();
  });

  it('blames a start that failed on nobody who came while it was under way: another one serves them', async () => {
    const { pool, started } = poolOf({ kept: 1, broken: 1 });
    const warming = pool.warm();
    await delay(START_MS / 2);

    assert.deepEqual(await pool.invoke('a kill', '{}'), answer);

    assert.equal(started.length, 2);
    await warming;
    await pool.end();
  });

  it('tells whoever a start was begun for that it failed', async () => {
    const { pool } = poolOf({ broken: 1 });

    const { failed, payload } = await pool.invoke('first', '{}');

    assert.deepEqual([failed, JSON.parse(payload)], [true, BROKEN]);
    assert.deepEqual(await pool.invoke('second', '{}'), answer);
    await pool.end();
  });

  it('never has more than it may have', async () => {
    const { pool, started, hanging } = poolOf({ most: 2 });
    for (const name of ['a', 'b', 'c']) hanging.add(name);
    const all = ['a', 'b', 'c'].map((name) => pool.invoke(name, '{}'));
    await delay(START_MS);
    await delay(START_MS);
    await delay(START_MS);

    assert.ok(started.length <= 2);
    await pool.end();
    await Promise.all(all);
  });

  it('keeps as many as it shall, and is warm when the first is loaded', async () => {
    const { pool, started } = poolOf({ kept: 2 });

    await pool.warm();

    assert.equal(started.length, 2); // the second is on its way
    await pool.end();
  });
});
