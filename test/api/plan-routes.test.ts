import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { parametersKey } from '../../domain/launch/read-approved-change.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { ShownPlan } from '../../domain/plan/shown-plan.ts';
import { PARAMETERS, STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const PLANS = `/v1/strategies/${STRATEGY}/plans`;
const LAUNCHES = `/v1/strategies/${STRATEGY}/launches`;
const body = { environment: 'prod' };
const Problem = z.looseObject({ code: z.string(), detail: z.string(), facts: z.record(z.string(), z.unknown()) });

let made: ApiWorld;
beforeEach(() => {
  made = apiWorld();
});
const shown = async (as = 'auditor') =>
  ShownPlan.parse(await (await made.send('query', PLANS, { as, body, headers: {} })).json());

describe('POST plans', () => {
  for (const as of ['trader', 'risk', 'quant', 'sre', 'auditor', 'reader'])
    it(`shows everything to ${as}, without an Idempotency-Key, and writes nothing`, async () => {
      const response = await made.send('query', PLANS, { as, body });

      const { plan, planDigest, verdict } = ShownPlan.parse(await response.json());
      assert.deepEqual([response.status, planDigest, verdict], [200, digestOf(plan), 'go']);
      assert.deepEqual([made.store.storyOf(STRATEGY), stateOf(made).mode, made.executions.started], [[], 'OFF', []]);
    });

  for (const [what, options, code, status] of [
    ['nobody known', { body }, 'TokenMissing', 401],
    ['a body that is no launch', { as: 'trader', body: { environment: 'prod', force: true } }, 'InvalidRequest', 400],
    ['a malformed digest', { as: 'trader', body: { ...body, artifact: 'sha256:xyz' } }, 'InvalidRequest', 400],
  ] as const)
    it(`refuses ${what} with ${code}`, async () => {
      const response = await made.send('query', PLANS, options);

      assert.deepEqual([response.status, Problem.parse(await response.json()).code], [status, code]);
    });

  it('refuses a strategy that nobody knows', async () => {
    const response = await made.send('query', '/v1/strategies/nobody/plans', { as: 'trader', body });

    assert.deepEqual([response.status, Problem.parse(await response.json()).code], [404, 'UnknownStrategy']);
  });
});

describe('POST launches with the plan that was shown', () => {
  const launch = (more: object, key = 'key-0001') =>
    made.send('launch', LAUNCHES, { as: 'trader', body: { ...body, ...more }, headers: { 'idempotency-key': key } });

  it('starts when that is the plan, and names it in the ledger', async () => {
    const { plan, planDigest } = await shown();

    const response = await launch({ expectedPlan: planDigest, shownPlan: plan });

    assert.equal(response.status, 202);
    const { entries } = (await made.store.page(STRATEGY as never, { limit: 10, order: 'asc' })) ?? { entries: [] };
    const [requested] = entries.map(({ entry }) => Object(entry));
    assert.deepEqual([requested.type, requested.payload.plan], ['launch.requested', planDigest]);
    assert.equal(requested.payload.shownPlan, undefined);
  });

  it('is refused when the world has changed since, starts nothing, and says what differs', async () => {
    const { plan, planDigest } = await shown();
    const edited = { ...PARAMETERS, threshold: 9 };
    made.evidence.files.set(parametersKey(STRATEGY), Buffer.from(JSON.stringify(edited)));

    const refused = Problem.parse(await (await launch({ expectedPlan: planDigest, shownPlan: plan })).json());

    assert.equal(refused.code, 'PlanChanged');
    assert.match(refused.detail, /not any more: .*parameters\.threshold was 1\.5, is 9/);
    assert.deepEqual([stateOf(made).mode, made.executions.started], ['OFF', []]);
  });

  it('is refused by the digest alone too, which then is all that can be said', async () => {
    const expectedPlan = digestOf('another plan');

    const refused = Problem.parse(await (await launch({ expectedPlan })).json());
    const lied = Problem.parse(await (await launch({ expectedPlan, shownPlan: { any: 'thing' } }, 'key-0002')).json());

    const { planDigest } = await shown();
    for (const { code, facts } of [refused, lied])
      assert.deepEqual([code, facts], ['PlanChanged', { expected: expectedPlan, actual: planDigest, changed: [] }]);
  });

  it('asks nobody for a plan that has not been shown', async () => {
    assert.equal((await launch({})).status, 202);
  });
});
