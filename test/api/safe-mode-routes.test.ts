import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { openDataIncident } from '../../domain/data-incident/open-data-incident.ts';
import { entered, incidentIn, renewed, stepOf } from '../domain/safe-mode/a-safe-mode.ts';
import { STRATEGY, stateOf, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const PATH = `/v1/strategies/${STRATEGY}`;
let made: ApiWorld;
let keys = 0;
beforeEach(() => {
  made = apiWorld();
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', epoch: 3, maxOrdersPerSec: 4 });
});
const send = async (app: 'command' | 'monitor' | 'query', path: string, options: object = {}) => {
  keys += 1;
  const headers = { 'idempotency-key': `key-${10_000 + keys}` };
  const response = await made.send(app, path, { as: 'trader', headers, ...options });
  return { status: response.status, body: Object(await response.json()) as Record<string, unknown> };
};
const safeMode = (options: object = {}) => send('command', `${PATH}/safe-modes`, options);

describe('POST safe-modes', () => {
  it('takes it into safe mode for any of those who may make trading safer, and for nobody else', async () => {
    for (const as of ['trader', 'risk', 'sre', 'quant']) assert.equal((await safeMode({ as, body: {} })).status, 202);
    assert.equal((await safeMode({ as: 'auditor', body: {} })).body['code'], 'WrongRole');

    const { body: view } = await send('query', PATH, { as: 'auditor', method: 'GET' });

    assert.deepEqual([view['mode'], Object(view['safeMode']).cause], ['SAFE', 'manual']);
    assert.ok((view['whyNot'] as string[]).includes('the mode is SAFE: not given'));
    assert.equal(made.executions.started.filter(({ machine }) => machine === 'safe-mode').length, 4);
  });

  it('is never refused for form, and keeps a reason as it was said', async () => {
    for (const raw of ['', '{', '7', 'null', '[]', '{"reason":7}', '{"reason":"prices look wrong"}']) {
      made = apiWorld();
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });

      const { status, body } = await safeMode({ raw, headers: {} });

      assert.deepEqual([status, body['mode'], body['changed']], [202, 'SAFE', true], raw);
      assert.equal(stateOf(made).safeMode?.reason, raw.includes('prices') ? 'prices look wrong' : 'not given');
    }
  });

  it('answers a repeat the same, and another body under the same key as another request', async () => {
    const headers = { 'idempotency-key': 'key-0001' };
    const first = await safeMode({ headers, body: { reason: 'one' } });
    const again = await safeMode({ headers, body: { reason: 'one' } });
    const other = await safeMode({ headers, body: { reason: 'two' } });

    assert.deepEqual([again.body['runId'], again.body['receipt']], [first.body['runId'], first.body['receipt']]);
    assert.deepEqual([other.status, other.body['epoch']], [202, 5]);
    assert.notEqual(other.body['runId'], first.body['runId']);
  });

  it('does not know a strategy that is not registered', async () => {
    assert.equal((await send('command', '/v1/strategies/nothing/safe-modes', { body: {} })).status, 404);
  });
});

describe('data incidents', () => {
  beforeEach(async () => {
    const step = stepOf(await entered(made, 'market-data'));
    await renewed(made, ['marketData']);
    await openDataIncident(step, made.ports);
  });
  const id = () => String(incidentIn(made)?.id);
  const get = (path: string) => send('monitor', path, { as: 'auditor', method: 'GET' });

  it('are listed for everybody who may read, and shown with what is exposed', async () => {
    const { body: all } = await get('/v1/data-incidents');
    const { body: one } = await get(`/v1/data-incidents/${id()}`);

    assert.deepEqual(Object(all['incidents'])[0].id, id());
    assert.deepEqual([one['status'], Object(one['exposure']).engines.length], ['open', 2]);
    assert.equal((await get('/v1/data-incidents/none')).body['code'], 'NotFound');
    assert.equal((await get('/v1/data-incidents?state=some')).status, 400);
    assert.deepEqual((await get('/v1/data-incidents?strategy=eurusd-carry&state=all')).body['incidents'], []);
  });

  it('take notes of those who may act, each by its own key', async () => {
    const note = (options: object) => send('monitor', `/v1/data-incidents/${id()}/notes`, options);

    const { status, body } = await note({ body: { text: 'the provider was called' } });

    assert.deepEqual([status, body['notes']], [200, 1]);
    assert.equal(incidentIn(made)?.notes[0]?.by, trader.subject);
    assert.equal((await note({ as: 'auditor', body: { text: 'x' } })).body['code'], 'WrongRole');
    assert.equal((await note({ body: { text: ' ' } })).body['code'], 'InvalidRequest');
    assert.equal((await note({ headers: {}, body: { text: 'x' } })).body['code'], 'IdempotencyKeyMissing');
  });
});
