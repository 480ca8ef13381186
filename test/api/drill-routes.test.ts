import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { registeredAs } from '../domain/drill/drilled.ts';
import { STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Reply = z.record(z.string(), z.unknown());
const answerOf = async (answering: Response | Promise<Response>) => {
  const response = await answering;
  return { status: response.status, body: Reply.parse(await response.json()) };
};

function simulated(): ApiWorld {
  const made = apiWorld();
  registeredAs(made, 'simulated');
  made.venues.is = 'simulated';
  made.engines.status = { halted: false, venues: [{ venue: 'XSIM', kind: 'simulated' }] };
  return made;
}

const path = `/v1/strategies/${STRATEGY}/drills`;
const open = (made: ApiWorld, as = 'trader', key = 'drill-key-1', body: unknown = {}) =>
  answerOf(made.send('command', path, { as, body, headers: { 'idempotency-key': key } }));

describe('POST drills', () => {
  it('opens a drill; the kill under the key of its reply, through the entrance of every kill, is that drill', async () => {
    const made = simulated();

    const opened = await open(made);
    const kill = await answerOf(
      made.send('kill', `/v1/strategies/${STRATEGY}/kills`, {
        as: 'trader',
        body: { reason: opened.body['reason'] },
        headers: { 'idempotency-key': String(opened.body['killKey']) },
      }),
    );

    assert.deepEqual([opened.status, kill.status], [200, 202]);
    assert.equal(kill.body['runId'], opened.body['runId']);
    assert.equal(Object(opened.body['receipt']).log, STRATEGY);
  });

  it('answers 422 with every finding where anything may be live, and nothing is halted', async () => {
    const made = apiWorld();

    const { status, body } = await open(made);

    assert.deepEqual([status, body['code']], [422, 'NotASimulator']);
    assert.equal(Object(body['facts']).findings.length, 4);
    assert.equal(stateOf(made).mode, 'OFF');
  });

  it('is for those who may kill, with a key, and with nothing in its body that it does not know', async () => {
    const made = simulated();

    assert.equal((await open(made, 'auditor')).body['code'], 'WrongRole');
    assert.equal((await open(made, 'reader')).body['code'], 'NotPermitted');
    assert.equal((await open(made, 'trader', 'short')).body['code'], 'IdempotencyKeyMissing');
    assert.equal((await open(made, 'trader', 'drill-key-1', { live: true })).body['code'], 'InvalidRequest');
  });
});

describe('GET drills', () => {
  it('shows one as far as it is known, and lists all', async () => {
    const made = simulated();
    const { body } = await open(made);

    const one = await answerOf(made.send('ledger', `/v1/drills/${String(body['runId'])}`, { as: 'auditor' }));
    const all = await answerOf(made.send('query', '/v1/drills', { as: 'auditor' }));
    const none = await answerOf(made.send('ledger', '/v1/drills/kill-nothing', { as: 'auditor' }));

    assert.deepEqual([one.status, Object(one.body['score']).verdict, one.body['record']], [200, 'pending', null]);
    assert.deepEqual(
      z
        .array(z.looseObject({ id: z.string() }))
        .parse(all.body['drills'])
        .map(({ id }) => id),
      [body['runId']],
    );
    assert.deepEqual([none.status, none.body['code']], [404, 'UnknownRun']);
  });
});
