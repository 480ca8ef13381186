import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { LIMITS_KEY } from '../../domain/launch/risk-limits.ts';
import { signedBy } from '../fakes/signed-by.ts';
import { LIMITS, risk, STRATEGY, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const PATH = `/v1/strategies/${STRATEGY}/limits`;
const FILE = JSON.stringify({ version: 1, strategies: { [STRATEGY]: { ...LIMITS, leverageCap: 2 } } });
let made: ApiWorld;
let keys = 0;
beforeEach(() => {
  made = apiWorld();
});
const apply = async (as: string, body: object = { file: FILE, reason: 'less volatile' }) => {
  keys += 1;
  const reply = await made.send('guardrails', PATH, { as, body, headers: { 'idempotency-key': `limits-key-${keys}` } });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};

describe('limits of a strategy', () => {
  it('are shown to everybody who may read', async () => {
    const reply = await made.send('guardrails', PATH, { as: 'auditor', method: 'GET' });

    const { same, columns } = (await reply.json()) as { same: boolean; columns: { name: string }[] };
    assert.deepEqual([reply.status, same, columns.length], [200, true, 4]);
  });

  it('are asked for with 202, and stored with 200 once two people have signed', async () => {
    const asked = await apply('risk');
    await signedBy(made, String(asked.body['approval']), trader, risk);
    const applied = await apply('trader');

    assert.deepEqual([asked.status, applied.status, applied.body['status']], [202, 200, 'applied']);
    assert.equal(String(made.evidence.files.get(LIMITS_KEY)), FILE);
  });

  for (const [what, as, body, status, code] of [
    ['no limits file, with its line', 'risk', { file: 'version: 2', reason: 'x' }, 400, 'InvalidRequest'],
    ['a file of more than 60,000 characters', 'risk', { file: 'x'.repeat(60_001), reason: 'x' }, 400, 'InvalidRequest'],
    ['more than a request holds', 'risk', { file: 'x'.repeat(70_000), reason: 'x' }, 413, 'BodyTooLarge'],
    ['no reason', 'risk', { file: FILE }, 400, 'InvalidRequest'],
    ['an unknown member', 'risk', { file: FILE, reason: 'x', force: true }, 400, 'InvalidRequest'],
    ['an auditor', 'auditor', { file: FILE, reason: 'x' }, 403, 'WrongRole'],
    ['a login that may only read', 'reader', { file: FILE, reason: 'x' }, 403, 'NotPermitted'],
  ] as const)
    it(`refuses ${what}`, async () => {
      const reply = await apply(as, body);

      assert.deepEqual([reply.status, reply.body['code']], [status, code]);
      assert.equal(String(made.evidence.files.get(LIMITS_KEY)).includes('"leverageCap":3'), true);
    });

  it('names the line of a mistake in what it answers', async () => {
    const { body } = await apply('risk', { file: FILE.replace('"leverageCap":2', '\n"leverageCap":-2'), reason: 'x' });

    assert.match(String(body['detail']), /configs\/risk\/limits\.yaml:2:1: .*leverageCap/);
    assert.deepEqual(Object(body['facts'])['problems'][0]['line'], 2);
  });
});
