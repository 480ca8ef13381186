import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const ONE = '/ofrep/v1/evaluate/flags/live.enabled';
const ALL = '/ofrep/v1/evaluate/flags';
const ME = { context: { targetingKey: STRATEGY } };
const Body = z.record(z.string(), z.unknown());
let made: ApiWorld;

beforeEach(() => {
  made = apiWorld();
});

const evaluate = async (
  path: string,
  {
    body,
    raw,
    as = 'auditor',
    headers = {},
  }: { body?: unknown; raw?: string; as?: string; headers?: Record<string, string> } = {},
) => {
  const sent = raw ?? JSON.stringify(body ?? ME);
  const response = await made.send('query', path, { as, raw: sent, headers });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    body: text === '' ? {} : Body.parse(JSON.parse(text)),
  };
};
async function trading(): Promise<void> {
  made.flags.live = true;
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
  await made.send('lease', `/engine/v1/strategies/${STRATEGY}/lease`, { as: 'client-btc-momentum-1', body: renewal });
}

describe('one flag over OFREP', () => {
  it('is false for what does not trade, and says the first reason', async () => {
    const { status, body } = await evaluate(ONE);

    assert.equal(status, 200);
    assert.deepEqual(body, {
      ...{ key: 'live.enabled', value: false, reason: 'STATIC', variant: 'off' },
      metadata: { mode: 'OFF', epoch: 0, because: 'the mode is OFF' },
    });
  });

  it('is true only while mode, flag and lease all allow trading', async () => {
    await trading();
    const allowed = await evaluate(ONE);
    made.pass(5_000);
    const lapsed = await evaluate(ONE);

    assert.deepEqual([allowed.body['value'], allowed.body['variant'], lapsed.body['value']], [true, 'on', false]);
    assert.deepEqual(allowed.body['metadata'], { mode: 'ACTIVE', epoch: 0 });
  });

  it('is false when the state cannot be read, and says so to the log', async () => {
    made.store.read = () => Promise.reject(new Error('the store is away'));

    const { status, body } = await evaluate(ONE);

    assert.deepEqual([status, body['value'], body['reason']], [200, false, 'UNKNOWN']);
    assert.match(JSON.stringify(made.lines), /live\.enabled of btc-momentum could not be read.*the store is away/);
  });

  const failures: [
    what: string,
    path: string,
    options: Parameters<typeof evaluate>[1],
    status: number,
    code: string,
  ][] = [
    ['a flag that there is none of', `${ALL}/dark.mode`, {}, 404, 'FLAG_NOT_FOUND'],
    ['a body that is no JSON', ONE, { raw: '{' }, 400, 'PARSE_ERROR'],
    ['a body of another type', ONE, { headers: { 'content-type': 'text/plain' } }, 400, 'PARSE_ERROR'],
    ['a context that is none', ONE, { body: { context: 7 } }, 400, 'PARSE_ERROR'],
    ['no context', ONE, { body: {} }, 400, 'TARGETING_KEY_MISSING'],
    ['an empty targeting key', ONE, { body: { context: { targetingKey: '' } } }, 400, 'TARGETING_KEY_MISSING'],
    ['a targeting key that is no id', ONE, { body: { context: { targetingKey: 7 } } }, 400, 'INVALID_CONTEXT'],
    [
      'a strategy that there is none of',
      ONE,
      { body: { context: { targetingKey: 'nobody' } } },
      400,
      'INVALID_CONTEXT',
    ],
    ['the bulk of no strategy', ALL, { body: {} }, 400, 'TARGETING_KEY_MISSING'],
  ];
  for (const [what, path, options, status, code] of failures)
    it(`refuses ${what} as ${code}, which leaves a caller with its default`, async () => {
      const { status: told, body } = await evaluate(path, options);

      assert.deepEqual(
        [told, body['errorCode'], typeof body['errorDetails'], 'value' in body],
        [status, code, 'string', false],
      );
    });

  it('asks who looks', async () => {
    assert.equal((await made.send('query', ONE, { raw: JSON.stringify(ME) })).status, 401);
  });
});

describe('all flags over OFREP', () => {
  it('are the one there is, with an ETag that answers 304 to whoever holds it, until the value changes', async () => {
    const first = await evaluate(ALL);
    const same = await evaluate(ALL, { headers: { 'if-none-match': `W/${first.etag}` } });
    await trading();
    const changed = await evaluate(ALL, { headers: { 'if-none-match': first.etag } });

    assert.deepEqual(
      [first, same, changed].map(({ status }) => status),
      [200, 304, 200],
    );
    assert.deepEqual(same.body, {});
    assert.equal(z.array(Body).parse(changed.body['flags'])[0]?.['value'], true);
    assert.notEqual(changed.etag, first.etag);
  });
});

const renewal = {
  ...{ instanceId: 'btc-momentum-1', epoch: 0, mode: 'ACTIVE', halted: false },
  ...{ artifactDigest: null, limitsDigest: null, parametersDigest: null, openOrders: 0, queueBacklog: 0 },
  ...{ positions: [], pnl: { realised: 0, unrealised: 0, currency: 'USD' } },
  ...{ roundTrip: { boundsMs: [], counts: [0] }, heartbeats: {} },
};
