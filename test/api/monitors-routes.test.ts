import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRATEGY } from '../fakes/world.ts';
import { apiWorld } from './api-world.ts';

const get = (made: ReturnType<typeof apiWorld>, path: string, as?: string) =>
  made.send('monitor', path, { method: 'GET', ...(as && { as }) });

describe('GET /v1/health and /v1/monitors', () => {
  it('answer whoever may read, and nobody else', async () => {
    const made = apiWorld();
    for (const path of ['/v1/health', '/v1/monitors', `/v1/monitors?strategy=${STRATEGY}`]) {
      assert.equal((await get(made, path, 'reader')).status, 200, path);
      assert.equal((await get(made, path)).status, 401, path);
    }
  });

  it('say what cannot be asked', async () => {
    const made = apiWorld();

    assert.equal((await get(made, '/v1/monitors?strategy=nobody', 'reader')).status, 404);
    assert.equal((await get(made, '/v1/monitors?colour=red', 'reader')).status, 400);
  });

  it('never say that nothing is wrong because nothing could be read', async () => {
    const made = apiWorld();
    Object.assign(made.store, { list: () => Promise.reject(new Error('away')) });

    const { status } = (await (await get(made, '/v1/health', 'reader')).json()) as { status: string };

    assert.equal(status, 'bad');
  });
});
