import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { renewed } from '../domain/ladder/a-live-strategy.ts';
import { signedBy } from '../fakes/signed-by.ts';
import { risk, STRATEGY, stateOf, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const PATH = `/v1/strategies/${STRATEGY}`;
let made: ApiWorld;
let keys = 0;
beforeEach(() => {
  made = apiWorld();
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', epoch: 3, maxOrdersPerSec: 4 });
});
const send = async (app: 'command' | 'monitor', path: string, options: object = {}) => {
  keys += 1;
  const headers = { 'idempotency-key': `key-${10_000 + keys}` };
  const response = await made.send(app, `${PATH}/${path}`, { as: 'trader', headers, ...options });
  return { status: response.status, body: Object(await response.json()) as Record<string, unknown> };
};
const throttle = (options: object = {}) => send('command', 'throttles', options);
const lift = (options: object = {}) => send('monitor', 'lifts', { body: { reason: 'fast again' }, ...options });
const view = async () => Object(await (await made.send('query', PATH, { as: 'auditor', method: 'GET' })).json());

describe('POST throttles and reductions', () => {
  it('hold back at once, by any of those who may make trading safer', async () => {
    const body = { ordersPerSec: 1, reason: 'slow', forMinutes: 30 };
    for (const as of ['trader', 'risk', 'sre', 'quant']) assert.equal((await throttle({ as, body })).status, 202);
    assert.equal((await throttle({ as: 'auditor', body })).body['code'], 'WrongRole');

    const { status, body: reduced } = await send('command', 'reductions', { as: 'risk', body: { reason: 'limit' } });

    assert.deepEqual([status, reduced['mode'], reduced['maxOrdersPerSec']], [202, 'REDUCE_ONLY', 1]);
    const { restriction, mode } = stateOf(made);
    assert.deepEqual(
      [mode, restriction?.causes.length, restriction?.causes[0]?.until],
      ['REDUCE_ONLY', 5, '2026-11-24T12:30:00.000Z'],
    );
  });

  it('are never refused for form: the usual share, no time, and a reason that is not given', async () => {
    const bodies = ['', '{', '7', 'null', '[]', '{"ordersPerSec":"fast"}', '{"ordersPerSec":-1,"forMinutes":1e9}'];
    for (const raw of [...bodies, '{"ordersPerSec":1e999,"reason":7}']) {
      made = apiWorld();
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', maxOrdersPerSec: 4 });

      const { status, body } = await throttle({ raw, headers: {} });

      assert.deepEqual([status, body['mode'], body['maxOrdersPerSec']], [202, 'THROTTLED', 2], raw);
      const [cause] = stateOf(made).restriction?.causes ?? [];
      assert.deepEqual([cause?.reason, cause?.until], ['not given', undefined]);
    }
  });

  it('answer a repeat the same, and another body under the same key as another command', async () => {
    const headers = { 'idempotency-key': 'key-0001' };
    const first = await throttle({ headers, body: { ordersPerSec: 2 } });
    const again = await throttle({ headers, body: { ordersPerSec: 2 } });
    const other = await throttle({ headers, body: { ordersPerSec: 1 } });

    assert.deepEqual(again.body['receipt'], first.body['receipt']);
    assert.deepEqual([other.status, other.body['maxOrdersPerSec']], [202, 1]);
  });

  it('do not know a strategy that is not registered', async () => {
    const response = await made.send('command', '/v1/strategies/nothing/throttles', { as: 'trader', body: {} });

    assert.equal(response.status, 404);
  });
});

describe('POST lifts', () => {
  it('asks first, and lifts once two people have signed', async () => {
    await throttle();
    const asked = await lift();
    await signedBy(made, String(asked.body['approval']), trader, risk);

    const lifted = await lift({ as: 'sre' });

    assert.deepEqual([asked.status, lifted.status, lifted.body['mode']], [202, 200, 'ACTIVE']);
    assert.equal(stateOf(made).maxOrdersPerSec, 4);
  });

  it('is refused where nothing is held back, without a reason or a key, and to those who only read', async () => {
    const code = async (options: object) => (await lift(options)).body['code'];

    assert.equal((await lift()).status, 409);
    assert.deepEqual(
      [await code({}), await code({ body: {} }), await code({ headers: {} }), await code({ as: 'auditor' })],
      ['StrategyNotRestricted', 'InvalidRequest', 'IdempotencyKeyMissing', 'WrongRole'],
    );
  });
});

describe('GET of a strategy that is held back', () => {
  it('says what it may still do and why, and what each engine was granted and reports', async () => {
    assert.equal((await view()).restriction, null);
    await throttle({ body: { ordersPerSec: 1, reason: 'slow' } });
    await renewed(made, 'THROTTLED', 'ACTIVE', 'btc-momentum-2');
    await renewed(made, 'THROTTLED', 'THROTTLED', 'btc-momentum-1');
    made.flags.live = true;

    const { restriction, tradingAllowed } = await view();
    await throttle({ body: { ordersPerSec: 0 } });
    const stopped = await view();

    assert.deepEqual([restriction.approvedOrdersPerSec, restriction.causes[0].reason], [4, 'slow']);
    assert.deepEqual(restriction.effect, [
      { instanceId: 'btc-momentum-1', granted: 'THROTTLED', reported: 'THROTTLED', inForce: true },
      { instanceId: 'btc-momentum-2', granted: 'THROTTLED', reported: 'ACTIVE', inForce: false },
    ]);
    assert.deepEqual([tradingAllowed, stopped.tradingAllowed], [true, false]);
    assert.deepEqual(stopped.whyNot, ['it is throttled to 0 orders/s']);
  });
});
