import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { ROUTES } from '../../api/open-api.ts';
import { runSteps } from '../../api/views/run-steps.ts';
import { STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const read = async (made: ApiWorld, path: string, as = 'auditor') => {
  const response = await made.send('query', path, { as });
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
};
async function launched() {
  const made = apiWorld();
  const response = await made.send('launch', `/v1/strategies/${STRATEGY}/launches`, {
    as: 'trader',
    body: { environment: 'prod' },
    headers: { 'idempotency-key': 'key-0001' },
  });
  const { runId } = z.object({ runId: z.string() }).parse(await response.json());
  return { made, runId };
}

describe('GET strategies', () => {
  it('says what each may do, and every reason why it may not trade', async () => {
    const { body } = await read(apiWorld(), `/v1/strategies/${STRATEGY}`);

    assert.deepEqual(
      [body['mode'], body['tradingAllowed'], body['whyNot']],
      ['OFF', false, ['the mode is OFF', 'live.enabled is false', 'no engine instance holds a lease of this epoch']],
    );
    assert.equal((await read(apiWorld(), '/v1/strategies')).status, 200);
  });

  it('allows trading only with mode, flag and lease together', async () => {
    const made = apiWorld();
    made.flags.live = true;
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
    await made.send('lease', `/engine/v1/strategies/${STRATEGY}/lease`, { as: 'client-btc-momentum-1', body: renewal });

    assert.equal((await read(made, `/v1/strategies/${STRATEGY}`)).body['tradingAllowed'], true);
    made.pass(5_000);
    assert.equal((await read(made, `/v1/strategies/${STRATEGY}`)).body['tradingAllowed'], false);
  });

  it('does not know what is not registered', async () => {
    const made = apiWorld();
    made.store.records.delete(`REGISTRATION#${STRATEGY}`);

    assert.deepEqual(
      [(await read(made, `/v1/strategies/${STRATEGY}`)).status, (await read(made, '/v1/strategies/nobody')).status],
      [404, 404],
    );
  });
});

describe('reading runs, executions and approvals', () => {
  it('finds what a launch left', async () => {
    const { made, runId } = await launched();

    assert.equal((await read(made, `/v1/runs/${runId}`)).body['machine'], 'launch');
    assert.deepEqual((await read(made, '/v1/runs?strategy=other')).body['runs'], []);
    for (const path of ['/v1/executions', `/v1/executions/${runId}/history`, '/v1/approvals', '/v1/deliveries']) {
      assert.equal((await read(made, path)).status, 200, path);
    }
  });

  for (const [path, status] of [
    ['/v1/runs/nothing', 404],
    ['/v1/executions/nothing/history', 404],
    ['/v1/approvals/nothing', 404],
    ['/v1/nothing', 404],
  ] as const) {
    it(`answers ${status} at ${path}`, async () => assert.equal((await read(apiWorld(), path)).status, status));
  }

  it('asks everybody who they are', async () => {
    assert.equal((await apiWorld().send('query', '/v1/strategies')).status, 401);
  });

  it('never shows a task token', async () => {
    const { made, runId } = await launched();
    const approval = {
      id: 'a',
      kind: 'launch-confirmation',
      strategyId: STRATEGY,
      runId,
      epoch: 0,
      document: {},
      digest: `sha256:${'0'.repeat(64)}`,
      requiredRoles: ['risk-officer'],
      mayDecline: [],
      excluded: [],
      signatures: [],
      status: 'open',
      openedAt: '2026-11-24T11:00:00.000Z',
      expiresAt: '2026-11-24T11:30:00.000Z',
      taskToken: 'the-token',
    };
    await made.store.put({ kind: 'APPROVAL', record: approval as never });

    const { body } = await read(made, '/v1/approvals/a');

    assert.equal(body['status'], 'expired');
    assert.doesNotMatch(JSON.stringify([body, await read(made, '/v1/approvals')]), /the-token/);
  });
});

describe('the documentation', () => {
  it('describes every route, with the schemas that judge its body, without a login', async () => {
    const made = apiWorld();
    const document = z
      .object({ openapi: z.literal('3.1.0'), paths: z.record(z.string(), z.unknown()) })
      .parse(await (await made.send('query', '/openapi.json')).json());

    assert.deepEqual(Object.keys(document.paths).toSorted(), [...new Set(ROUTES.map(({ path }) => path))].toSorted());
    const page = await (await made.send('query', '/docs')).text();
    assert.ok(ROUTES.every(({ path }) => page.includes(path)));
    assert.doesNotMatch(page, /<script|src=|href="http/);
  });
});

const renewal = {
  instanceId: 'btc-momentum-1',
  epoch: 0,
  mode: 'SAFE',
  halted: false,
  artifactDigest: null,
  limitsDigest: null,
  parametersDigest: null,
  openOrders: 2,
  queueBacklog: 0,
  positions: [],
  pnl: { realised: 0, unrealised: 0, currency: 'USD' },
  roundTrip: { boundsMs: [1], counts: [0, 0] },
  heartbeats: {},
};

describe('POST lease', () => {
  const renew = (made: ApiWorld, as: string, body: unknown = renewal) =>
    made.send('lease', `/engine/v1/strategies/${STRATEGY}/lease`, { as, body });

  it('grants to the registered client, and to nobody else', async () => {
    const made = apiWorld();

    assert.equal((await renew(made, 'client-btc-momentum-1')).status, 200);
    assert.equal((await renew(made, 'trader')).status, 403);
    assert.equal(
      (await renew(made, 'client-btc-momentum-1', { ...renewal, instanceId: 'btc-momentum-2' })).status,
      403,
    );
    assert.equal((await renew(made, 'client-btc-momentum-1', {})).status, 400);
    assert.equal((await made.send('lease', '/engine/v1/other', { as: 'trader' })).status, 404);
  });

  it('is a fault, and no grant, when the store is down', async () => {
    const made = apiWorld();
    made.store.read = () => Promise.reject(new Error('down'));

    assert.equal((await renew(made, 'client-btc-momentum-1')).status, 500);
  });
});

describe('runSteps', () => {
  const event = (id: number, previousId: number, type: string, extra: object = {}) => ({
    id,
    previousId,
    at: new Date(id * 1000).toISOString(),
    type,
    details: {},
    ...extra,
  });

  it('tells each state with its duration and what it said, a retry as running, a caught failure as failed', () => {
    const steps = runSteps([
      event(1, 0, 'ExecutionStarted'),
      event(2, 0, 'TaskStateEntered', { state: 'A' }),
      event(3, 2, 'LambdaFunctionScheduled'),
      event(4, 3, 'LambdaFunctionFailed'),
      event(5, 4, 'LambdaFunctionScheduled'),
      event(6, 5, 'LambdaFunctionSucceeded'),
      event(7, 6, 'TaskStateExited', { state: 'A', details: { output: '{"summary":"done"}' } }),
      event(8, 7, 'TaskStateEntered', { state: 'B' }),
      event(9, 8, 'LambdaFunctionFailed'),
      event(10, 9, 'TaskStateExited', { state: 'B', details: { output: 'no json' } }),
      event(11, 10, 'TaskStateEntered', { state: 'C' }),
    ]);

    assert.deepEqual(
      steps.map(({ name, status, durationMs, summary }) => [name, status, durationMs, summary]),
      [
        ['A', 'succeeded', 5000, 'done'],
        ['B', 'failed', 2000, undefined],
        ['C', 'running', undefined, undefined],
      ],
    );
  });
});
