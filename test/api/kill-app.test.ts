import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { latched } from '../fakes/desks.ts';
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

  it('keeps the reason', async () => {
    const made = apiWorld();

    await kill(made, { body: { reason: 'quotes look wrong' } });

    assert.equal(stateOf(made).latch?.reason, 'quotes look wrong');
  });

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

const ScopeReply = z.object({
  scope: z.string(),
  latched: z.literal(true),
  counts: z.object({ strategies: z.number(), latched: z.number() }),
  strategies: z.array(z.object({ strategyId: z.string(), status: z.string(), latched: z.boolean() })),
  receipt: z.object({ log: z.literal('desk'), index: z.number() }),
});
const killScope = (made: ApiWorld, options: Parameters<ApiWorld['send']>[2] = {}) =>
  made.send('kill', '/v1/kills', { as: 'trader', body: { scope: 'desk:crypto' }, ...options });

describe('POST kills of a scope', () => {
  for (const [what, options] of [
    ['no reason', {}],
    ['a reason that is none', { body: { scope: 'all', reason: 7 } }],
    ['a scope in other letters', { body: { scope: 'Venue:xsim' } }],
    ['another content type', { raw: '{"scope":"all"}', headers: { 'content-type': 'text/plain' } }],
    ['a malformed idempotency key', { headers: { 'idempotency-key': '' } }],
  ] as const) {
    it(`accepts ${what}`, async () => {
      const made = apiWorld();

      const response = await killScope(made, options);

      const { counts, strategies } = ScopeReply.parse(await response.json());
      assert.deepEqual([response.status, counts.latched, strategies[0]?.status], [202, 1, 'halted']);
      assert.equal(stateOf(made).mode, 'KILLED');
    });
  }

  for (const [what, options, status] of [
    ['nobody', { as: undefined as never }, 401],
    ['somebody without the scope of the token', { as: 'reader' }, 403],
    ['an auditor', { as: 'auditor' }, 403],
  ] as const) {
    it(`is refused to ${what}`, async () => {
      const made = apiWorld();

      assert.equal((await killScope(made, options)).status, status);
      assert.deepEqual([stateOf(made).mode, made.store.records.has('LATCH#desk:crypto')], ['OFF', false]);
    });
  }

  for (const options of [{ raw: '' }, { raw: '{' }, { body: { scope: 'desk:none' } }, { body: ['all'] }]) {
    it(`is refused for an unknown scope, counted, and names those there are: ${JSON.stringify(options)}`, async () => {
      const made = apiWorld();

      const response = await killScope(made, options);

      const { code, next, facts } = z.looseObject({ code: z.string() }).parse(await response.json());
      assert.deepEqual([response.status, code], [404, 'UnknownScope']);
      assert.deepEqual(facts, { known: ['all', 'desk:crypto', 'venue:XSIM'] });
      assert.match(String(next), /there are all, desk:crypto, venue:XSIM$/);
      assert.deepEqual(
        [...made.store.counters.values()].map(({ actor, code: counted, path }) => [actor, counted, path]),
        [['sub-trader', 'UnknownScope', '/v1/kills']],
      );
    });
  }
});

describe('a killed scope', () => {
  it('refuses launches of what it covers, and stands in the reasons why that may not trade', async () => {
    const made = apiWorld();
    latched(made, 'desk:crypto');

    const launched = await made.send('launch', `/v1/strategies/${STRATEGY}/launches`, {
      as: 'trader',
      body: { environment: 'prod' },
      headers: { 'idempotency-key': 'launch-0001' },
    });
    const view = z
      .looseObject({ whyNot: z.array(z.string()) })
      .parse(await (await made.send('query', `/v1/strategies/${STRATEGY}`, { as: 'auditor' })).json());

    const { code, detail } = z.object({ code: z.string(), detail: z.string() }).parse(await launched.json());
    assert.deepEqual([launched.status, code], [409, 'StrategyKilled']);
    assert.match(detail, /covered by the kill of desk:crypto, by sub-trader/);
    assert.ok(view.whyNot.includes('desk:crypto was killed by sub-trader: loss'), view.whyNot.join('; '));
  });
});
