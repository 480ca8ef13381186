import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { isDeep } from '../is-deep.ts';

/**
 * Other races: TRADEPULSE_SEED=<number>. One that failed, again: the `seed` and `path` that its report names, as
 * TRADEPULSE_SEED and TRADEPULSE_PATH.
 */
const { TRADEPULSE_SEED = '20261126', TRADEPULSE_PATH: path } = process.env;
const seed = Number(TRADEPULSE_SEED);
const [threads, numRuns] = isDeep && path === undefined ? [2, 5_000] : [1, 200];

async function race(parameters: { seed: number; numRuns: number; path?: string }) {
  const worker = new Worker(new URL('race-worker.ts', import.meta.url), { workerData: parameters });
  const ended = once(worker, 'exit').then(() => Promise.reject(new Error('the race stood still')));
  const [{ tried, failure }] = (await Promise.race([once(worker, 'message'), ended])) as [
    { tried: number; failure?: string },
  ];
  ended.catch(() => undefined);
  await worker.terminate();
  if (failure !== undefined) assert.fail(failure);
  return tried;
}

describe('a kill that races launches, stops, signatures and leases', () => {
  it(`is never lost, and nothing may trade after it, in ${threads * numRuns} interleavings`, async () => {
    const races = Array.from({ length: threads }, (_, thread) => ({
      seed: seed + thread,
      numRuns,
      ...(path && { path }),
    }));

    const tried = await Promise.all(races.map(race));

    assert.ok(path || tried.every((count) => count === numRuns));
  });
});
