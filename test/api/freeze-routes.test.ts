import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { signedBy } from '../fakes/signed-by.ts';
import { person, risk, STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

let made: ApiWorld;
let keys = 0;
beforeEach(() => {
  made = apiWorld();
});
const post = async (path: string, as: string, body: object) => {
  keys += 1;
  const reply = await made.send(path.endsWith('/launches') ? 'launch' : 'guardrails', path, {
    as,
    body,
    headers: { 'idempotency-key': `freeze-key-${keys}` },
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};
const freeze = async (as: string, scope: string) =>
  post('/v1/freezes', as, { scope, reason: 'migration of the feature store' });
const launch = () => post(`/v1/strategies/${STRATEGY}/launches`, 'trader', { environment: 'prod' });
const list = async () => {
  const reply = await made.send('guardrails', '/v1/freezes', { as: 'auditor', method: 'GET' });
  return (await reply.json()) as { freezes: { id: string; next: string }[] };
};

describe('freezes', () => {
  it('are set by one person, and refuse a launch of what they cover with the way to lift them', async () => {
    const set = await freeze('trader', 'desk:crypto');
    const refused = await launch();

    const [listed] = (await list()).freezes;
    assert.deepEqual([set.status, listed?.id], [200, Object(set.body['freeze'])['id']]);
    assert.deepEqual([refused.status, refused.body['code']], [423, 'LaunchesFrozen']);
    assert.equal(refused.body['next'], listed?.next);
    assert.match(String(listed?.next), /a risk officer and an SRE lift it: tradepulse-cli unfreeze freeze-/);
  });

  it('hold up nothing that they do not cover', async () => {
    await made.store.put({
      kind: 'FREEZE',
      record: {
        ...{ id: 'freeze-1', scope: 'desk:fx', source: 'manual', reason: 'x', by: risk.subject },
        since: '2026-11-24T11:00:00.000Z',
      },
    });

    assert.equal((await launch()).status, 202);
  });

  it('are lifted by two people: 202 asks them, 200 says that it is done', async () => {
    const { body } = await freeze('risk', 'all');
    const path = `/v1/freezes/${Object(body['freeze'])['id']}/lifts`;
    const asked = await post(path, 'trader', { reason: 'migrated' });
    await signedBy(made, String(asked.body['approval']), risk, person('sre', 'sre'));

    const lifted = await post(path, 'trader', { reason: 'migrated' });

    assert.deepEqual([asked.status, lifted.status, lifted.body['status']], [202, 200, 'lifted']);
    assert.deepEqual([(await list()).freezes, (await launch()).status], [[], 202]);
  });

  for (const [what, path, as, body, status, code] of [
    ['no reason', '/v1/freezes', 'risk', { scope: 'all', reason: '  ' }, 400, 'InvalidRequest'],
    [
      'an end that is no time',
      '/v1/freezes',
      'risk',
      { scope: 'all', reason: 'x', until: 'soon' },
      400,
      'InvalidRequest',
    ],
    ['a scope that nobody knows', '/v1/freezes', 'risk', { scope: 'desk:x', reason: 'x' }, 404, 'UnknownScope'],
    ['an auditor', '/v1/freezes', 'auditor', { scope: 'all', reason: 'x' }, 403, 'WrongRole'],
    ['lifting what nobody knows', '/v1/freezes/x/lifts', 'risk', { reason: 'x' }, 404, 'NotFound'],
    ['lifting without a reason', '/v1/freezes/x/lifts', 'risk', {}, 400, 'InvalidRequest'],
  ] as const)
    it(`refuse ${what}`, async () => {
      const reply = await post(path, as, body);

      assert.deepEqual([reply.status, reply.body['code']], [status, code]);
    });
});
