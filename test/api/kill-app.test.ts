import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const KILL = `/v1/strategies/${STRATEGY}/kills`;
const Reply = z.object({
  mode: z.literal('KILLED'),
  latched: z.boolean(),
  spooled: z.literal(false),
  status: z.string(),
  instances: z.array(z.unknown()),
  wayBack: z.string(),
});
const kill = (made: ApiWorld, options: Parameters<ApiWorld['send']>[2] = {}) =>
  made.send('kill', KILL, { as: 'trader', ...options });

describe('POST kills', () => {
  for (const [what, options] of [
    ['no body', {}],
    ['an empty reason', { body: { reason: '' } }],
    ['a reason of 10 kB', { body: { reason: 'x'.repeat(10_000) } }],
    ['a body over 64 KiB', { raw: JSON.stringify({ reason: 'x'.repeat(70_000) }) }],
    ['a body that is no JSON', { raw: '{' }],
    ['a body nested 1,000 deep', { raw: '['.repeat(1000) }],
    ['a list', { body: [1] }],
    ['another content type', { raw: 'help', headers: { 'content-type': 'text/plain' } }],
    ['a malformed idempotency key', { headers: { 'idempotency-key': '' } }],
  ] as const) {
    it(`accepts ${what}`, async () => {
      const made = apiWorld();

      const response = await kill(made, options);

      assert.equal(response.status, 202);
      assert.equal(Reply.parse(await response.json()).latched, true);
      assert.equal(stateOf(made).mode, 'KILLED');
    });
  }

  it('reaffirms with a reused key, whatever the body', async () => {
    const made = apiWorld();
    const headers = { 'idempotency-key': 'key-0001' };
    await kill(made, { headers, body: { reason: 'a' } });

    assert.equal((await kill(made, { headers, body: { reason: 'b' } })).status, 202);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested', 'kill.reaffirmed']);
  });

  for (const [what, options, status] of [
    ['nobody', { as: undefined as never }, 401],
    ['somebody forged', { as: 'forged' }, 401],
    ['somebody without the scope', { as: 'reader' }, 403],
    ['an auditor', { as: 'auditor' }, 403],
  ] as const) {
    it(`is refused to ${what}`, async () => {
      const made = apiWorld();

      assert.equal((await kill(made, options)).status, status);
      assert.equal(stateOf(made).mode, 'OFF');
    });
  }

  it('is refused for an unknown target, and the attempt is counted', async () => {
    const made = apiWorld();

    assert.equal((await made.send('kill', '/v1/strategies/nobody/kills', { as: 'trader' })).status, 404);
    assert.deepEqual(
      [...made.store.counters.values()].map(({ actor, code, count }) => [actor, code, count]),
      [['sub-trader', 'UnknownStrategy', 1]],
    );
  });

  it('stands by its refusal when that cannot be counted', async () => {
    const made = apiWorld();
    made.store.count = () => Promise.reject(new Error('down'));

    assert.equal((await kill(made, { as: 'auditor' })).status, 403);
  });

  it('knows no other path', async () => {
    assert.equal((await apiWorld().send('kill', '/v1/other', { as: 'trader' })).status, 404);
  });
});
