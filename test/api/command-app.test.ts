import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const LAUNCH = `/v1/strategies/${STRATEGY}/launches`;
const KEY = { 'idempotency-key': 'key-0001' };
const body = { environment: 'prod' };

describe('POST stops', () => {
  const stop = (made: ApiWorld, options: Parameters<ApiWorld['send']>[2] = {}) =>
    made.send('command', `/v1/strategies/${STRATEGY}/stops`, { as: 'trader', ...options });

  it('succeeds on something off, with any body, and starts nothing', async () => {
    const made = apiWorld();

    for (const raw of ['', '{', '{"reason":7}', `${'['.repeat(1000)}`, JSON.stringify({ reason: 'x'.repeat(70_000) })])
      assert.equal((await stop(made, { raw })).status, 202);
    assert.equal(made.executions.started.length, 0);
  });

  it('stops what is launching, and a reused key with another body is simply another stop', async () => {
    const made = apiWorld();
    await made.send('launch', LAUNCH, { as: 'trader', body, headers: KEY });

    assert.equal((await stop(made, { body: { reason: 'a' }, headers: KEY })).status, 202);
    assert.equal((await stop(made, { body: { reason: 'b' }, headers: KEY })).status, 202);
    assert.deepEqual(
      made.executions.started.map(({ machine }) => machine),
      ['launch', 'stop'],
    );
  });
});

describe('POST settlements', () => {
  it('settles what is off', async () => {
    const made = apiWorld();

    const response = await made.send('command', `/v1/strategies/${STRATEGY}/settlements`, {
      as: 'trader',
      headers: KEY,
    });

    assert.equal(response.status, 200);
  });
});

describe('an unknown path', () => {
  it('says that there is nothing at an unknown path', async () => {
    assert.equal((await apiWorld().send('command', '/v1/nothing', { as: 'trader' })).status, 404);
  });
});
