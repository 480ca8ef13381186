import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { RUN, START, STRATEGY, stateOf, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const LAUNCH = `/v1/strategies/${STRATEGY}/launches`;
const KEY = { 'idempotency-key': 'key-0001' };
const body = { environment: 'prod' };
const Problem = z.object({ code: z.string(), status: z.number(), detail: z.string().min(1), next: z.string().min(1) });

describe('POST launches', () => {
  let made: ApiWorld;
  beforeEach(() => {
    made = apiWorld();
  });
  const launch = (options: Parameters<ApiWorld['send']>[2] = {}) =>
    made.send('launch', LAUNCH, { as: 'trader', body, headers: KEY, ...options });

  it('records the intent, starts the machine, and answers with a receipt', async () => {
    const response = await launch();

    const reply = z
      .object({
        runId: z.string(),
        mode: z.literal('LAUNCHING'),
        receipt: z.object({ log: z.string(), index: z.literal(0) }),
      })
      .parse(await response.json());
    assert.equal(response.status, 202);
    assert.deepEqual(
      made.executions.started.map(({ machine, name }) => [machine, name]),
      [['launch', reply.runId]],
    );
  });

  it('gives the same reply to the same key and body, with one execution', async () => {
    const first = await (await launch()).json();

    assert.deepEqual(await (await launch()).json(), first);
    assert.equal(made.executions.started.length, 1);
  });

  for (const [what, options, code, status] of [
    ['no token', { as: undefined as never }, 'TokenMissing', 401],
    ['a forged token', { as: 'forged' }, 'TokenInvalid', 401],
    ['an expired token', { as: 'expired' }, 'TokenExpired', 401],
    ['a token without the scope', { as: 'reader' }, 'NotPermitted', 403],
    ['the wrong role', { as: 'auditor' }, 'WrongRole', 403],
    ['no idempotency key', { headers: {} }, 'IdempotencyKeyMissing', 400],
    ['a malformed idempotency key', { headers: { 'idempotency-key': 'x' } }, 'IdempotencyKeyMissing', 400],
    ['a body of another type', { headers: { ...KEY, 'content-type': 'text/plain' } }, 'UnsupportedMediaType', 415],
    ['a body that is no JSON', { raw: '{' }, 'InvalidRequest', 400],
    ['a body over 64 KiB', { raw: JSON.stringify({ environment: 'x'.repeat(70_000) }) }, 'BodyTooLarge', 413],
    ['a body nested 1,000 deep', { raw: `${'['.repeat(1000)}${']'.repeat(1000)}` }, 'BodyNestedTooDeep', 400],
    ['a malformed digest', { body: { ...body, artifact: 'sha256:xyz' } }, 'InvalidRequest', 400],
    ['an unknown member', { body: { ...body, force: true } }, 'InvalidRequest', 400],
  ] as const) {
    it(`refuses ${what} with ${code}, and changes nothing`, async () => {
      const response = await launch(options);

      const problem = Problem.parse(await response.json());
      assert.deepEqual([problem.code, response.status, problem.status], [code, status, status]);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.deepEqual([stateOf(made).mode, made.executions.started.length], ['OFF', 0]);
    });
  }

  it('refuses an unknown strategy', async () => {
    for (const id of ['nobody', 'NOT-AN-ID']) {
      const response = await made.send('launch', `/v1/strategies/${id}/launches`, {
        as: 'trader',
        body,
        headers: KEY,
      });
      assert.deepEqual([response.status, Problem.parse(await response.json()).code], [404, 'UnknownStrategy']);
    }
  });

  it('refuses a key that was used for another body, and a launch while one is under way', async () => {
    await launch();

    assert.equal(
      Problem.parse(await (await launch({ body: { ...body, ticket: 'TP-2' } })).json()).code,
      'IdempotencyKeyReused',
    );
    assert.equal(
      Problem.parse(await (await launch({ headers: { 'idempotency-key': 'key-0002' } })).json()).code,
      'StrategyNotOff',
    );
  });

  it('counts what somebody known was refused, and what nobody known tried nowhere', async () => {
    await launch({ as: 'auditor' });
    await launch({ as: 'forged' });

    assert.deepEqual(
      [...made.store.counters.values()].map(({ actor, code, count, path }) => [actor, code, count, path]),
      [['sub-auditor', 'WrongRole', 1, LAUNCH]],
    );
    assert.deepEqual([...made.store.logs.keys()], []);
  });

  it('stands by its refusal when that cannot be counted, and logs the fault', async () => {
    made.store.count = () => Promise.reject(new Error('down'));

    assert.equal((await launch({ as: 'auditor' })).status, 403);
    assert.ok(made.lines.some(({ outcome }) => outcome === 'fault'));
  });

  it('takes in a kill that waits in the spool before it decides, and refuses while that cannot be done', async () => {
    const decidedAt = START.toISOString();
    const kill = { runId: RUN, actor: trader.subject, roles: [], reason: 'loss', decidedAt };
    await made.spool.put(STRATEGY, kill);
    const codeOf = async (response: Response) => Problem.parse(await response.json()).code;
    made.store.losing = 12;

    assert.equal(await codeOf(await launch()), 'KillSpooled');
    assert.equal(await codeOf(await launch()), 'StrategyKilled');

    assert.deepEqual([stateOf(made).mode, made.store.storyOf(STRATEGY)], ['KILLED', ['kill.requested']]);
  });

  it('answers a fault without telling about its insides', async () => {
    made.store.read = () => Promise.reject(new Error('secret detail'));

    const response = await launch();

    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret/);
  });
});
