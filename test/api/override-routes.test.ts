import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RunId } from '../../domain/ids.ts';
import { softFinding } from '../../domain/launch/finding.ts';
import { signedBy } from '../fakes/signed-by.ts';
import { person, risk, START, STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const PATH = `/v1/strategies/${STRATEGY}/overrides`;
const RUN = RunId.parse('launch-btc-momentum-20261124-failed');
const BODY = { run: RUN, checks: ['smoke.latency'], reason: 'a slow venue', expiresInMinutes: 240 };
const FINDING = softFinding(false, 'SmokeOutOfTolerance', {
  ...{ check: 'smoke.latency', expected: '<= 120 ms', actual: '150 ms' },
  evidence: { source: 'smoke.json', observedAt: START.toISOString() },
});
let made: ApiWorld;
let keys = 0;
beforeEach(async () => {
  made = apiWorld();
  const run = { id: RUN, machine: 'launch', strategyId: STRATEGY, epoch: 0, status: 'FAILED', request: {} };
  const more = { requestedBy: 'sub-trader', startedAt: START.toISOString(), summary: 'not launched' };
  const failure = { code: 'SmokeOutOfTolerance', message: 'too slow', findings: [FINDING] };
  await made.store.put({ kind: 'RUN', record: { ...run, ...more, failure } as never });
});
const request = async (as: string, body: object = BODY) => {
  keys += 1;
  const reply = await made.send('guardrails', PATH, {
    as,
    body,
    headers: { 'idempotency-key': `override-key-${keys}` },
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};

describe('overrides', () => {
  it('are asked for with 202, and in the list are in force once two people have signed', async () => {
    const asked = await request('trader');
    await signedBy(made, String(asked.body['approval']), risk, person('sre', 'sre'));

    const listed = await made.send('guardrails', PATH, { as: 'auditor', method: 'GET' });

    const { overrides } = (await listed.json()) as { overrides: { status: string; signers: string[] }[] };
    assert.deepEqual([asked.status, listed.status], [202, 200]);
    assert.deepEqual(
      overrides.map(({ status, signers }) => [status, signers]),
      [['in force', ['sub-risk', 'sub-sre']]],
    );
  });

  for (const [what, as, changes, status, code] of [
    ['more than a day', 'trader', { expiresInMinutes: 1441 }, 400, 'InvalidRequest'],
    ['no check', 'trader', { checks: [] }, 400, 'InvalidRequest'],
    ['no reason', 'trader', { reason: '' }, 400, 'InvalidRequest'],
    ['a check that did not say no', 'trader', { checks: ['smoke.orders'] }, 422, 'NotOverridable'],
    ['a role that nobody designated', 'trader', { authoriser: 'auditor' }, 403, 'WrongRole'],
    ['an auditor', 'auditor', {}, 403, 'WrongRole'],
  ] as const)
    it(`refuse ${what}`, async () => {
      const reply = await request(as, { ...BODY, ...changes });

      assert.deepEqual([reply.status, reply.body['code']], [status, code]);
    });
});
