import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RUN, START, STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const ID = 'drift-btc-momentum-20261124T1200';
let made: ApiWorld;
beforeEach(async () => {
  made = apiWorld();
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
  const at = START.toISOString();
  const lines = [{ instrument: 'BTC-PERP', live: 101, target: 100, mark: 100, drift: 0.01 }];
  const review = {
    id: ID,
    strategyId: STRATEGY,
    runId: RUN,
    status: 'open' as const,
    openedAt: at,
    at,
    lines,
    version: 1,
  };
  await made.store.put({ kind: 'DRIFT', record: review });
});
const send = async (method: 'GET' | 'POST', path: string, as: string, body?: object) => {
  const headers = { 'idempotency-key': 'drift-routes-key' };
  const reply = await made.send('monitor', `/v1/drift-reviews${path}`, {
    as,
    headers,
    ...(method === 'GET' ? { method } : { body }),
  });
  return { status: reply.status, body: Object(await reply.json()) };
};

describe('drift reviews over HTTP', () => {
  it('are listed with their positions, by strategy and state; anything else that is asked for is refused', async () => {
    const [all, none, odd] = await Promise.all(
      ['', '?status=returned', '?state=open'].map((query) => send('GET', query, 'auditor')),
    );

    assert.deepEqual([all?.status, all?.body.reviews.length, all?.body.reviews[0].lines[0].drift], [200, 1, 0.01]);
    assert.deepEqual([none?.body.reviews, odd?.status, odd?.body.code], [[], 400, 'InvalidRequest']);
  });

  it('are decided by a quant or a risk officer, with a note and once for each key', async () => {
    const request = { decision: 'accept', note: 'rebalancing until the close' };

    const refused = await send('POST', `/${ID}/decisions`, 'trader', request);
    const decided = await send('POST', `/${ID}/decisions`, 'quant', request);
    const again = await send('POST', `/${ID}/decisions`, 'quant', request);
    const silent = await send('POST', `/${ID}/decisions`, 'quant', { decision: 'accept', note: ' ' });

    assert.deepEqual([refused.status, refused.body.code], [403, 'WrongRole']);
    assert.deepEqual(
      [decided.status, decided.body.review.status, decided.body.summary],
      [200, 'accepted', `${ID} is accepted`],
    );
    assert.equal(decided.body.receipt.index, 0);
    assert.deepEqual([again.body, silent.status], [decided.body, 400]);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['drift.accepted']);
  });
});
