import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MOST_ANNOTATION_BYTES } from '../../domain/review/annotate-request.ts';
import { RUN, START, STRATEGY, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

let made: ApiWorld;
let keys = 0;
beforeEach(async () => {
  made = apiWorld();
  const at = START.toISOString();
  const run = {
    id: RUN,
    machine: 'launch',
    strategyId: STRATEGY,
    epoch: 0,
    status: 'SUCCEEDED',
    request: {},
    summary: '',
  };
  await made.store.put({ kind: 'RUN', record: { ...run, requestedBy: trader.subject, startedAt: at } as never });
  const review = {
    id: RUN,
    strategyId: STRATEGY,
    status: 'open',
    run: 'review-1',
    endedBy: 'stop-1',
    initiators: ['sub-risk'],
  };
  await made.store.put({ kind: 'REVIEW', record: { ...review, annotations: 0, openedAt: at, dueAt: at } as never });
});
const get = async (path: string) => {
  const reply = await made.send('review', path, { as: 'auditor', method: 'GET' });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};
const post = async (what: 'annotations' | 'closures', as: string, body: object, run: string = RUN) => {
  keys += 1;
  const headers = { 'idempotency-key': `review-key-${keys}` };
  const reply = await made.send('review', `/v1/runs/${run}/review/${what}`, { as, body, headers });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};

describe('reviews of runs', () => {
  it('are listed, all or only those that are open, whatever else is asked', async () => {
    const [all, open, closed, odd] = await Promise.all(
      ['', '?status=open', '?status=closed', '?status=odd'].map((query) => get(`/v1/reviews${query}`)),
    );

    assert.deepEqual(
      [all, open, closed, odd].map((each) => Object(each?.body)['reviews'].length),
      [1, 1, 0, 1],
    );
    assert.equal(Object(all?.body)['reviews'][0].overdue, true);
  });

  it('are shown with their page; a run without one is refused', async () => {
    const shown = await get(`/v1/runs/${RUN}/review`);

    assert.match(String(shown.body['page']), /It is not written yet/);
    assert.deepEqual(
      [(await get('/v1/runs/launch-0/review')).status, (await get('/v1/runs/launch-0/review')).body['code']],
      [404, 'UnknownRun'],
    );
  });

  it('take an annotation of 64 kB whatever it consists of, and refuse a larger one', async () => {
    const most = `${'"'.repeat(MOST_ANNOTATION_BYTES - 1)}x`;

    assert.equal((await post('annotations', 'quant', { text: most })).status, 200);
    assert.deepEqual(
      Object.values((await post('annotations', 'quant', { text: `${most}x` })).body).includes('InvalidRequest'),
      true,
    );
    assert.equal((await post('annotations', 'quant', { text: 'x'.repeat(1_000_000) })).status, 413);
    assert.equal((await post('annotations', 'quant', { text: 'x', more: 1 })).status, 400);
  });

  it('are annotated by those who run things, and by no auditor', async () => {
    const reply = await post('annotations', 'trader', { text: 'a word' });

    assert.deepEqual([reply.status, reply.body['number'], typeof reply.body['receipt']], [200, 1, 'object']);
    assert.deepEqual([(await post('annotations', 'auditor', { text: 'a word' })).status], [403]);
  });

  it('are closed by an SRE or a risk officer who did not ask for the run', async () => {
    assert.deepEqual((await post('closures', 'trader', { note: 'n' })).body['code'], 'WrongRole');
    assert.deepEqual((await post('closures', 'risk', { note: 'n' })).body['code'], 'SamePerson');
    assert.deepEqual((await post('closures', 'sre', { note: ' ' })).body['code'], 'InvalidRequest');
    assert.equal((await post('closures', 'sre', { note: 'looked at' })).status, 200);
    assert.deepEqual((await post('closures', 'sre', { note: 'again' })).body['code'], 'ReviewClosed');
  });

  it('make a digest of any week, and refuse what is no week', async () => {
    const [last, named, odd] = [
      await get('/v1/reviews/digest'),
      await get('/v1/reviews/digest?week=2026-W01'),
      await get('/v1/reviews/digest?week=2026-W99'),
    ];

    assert.deepEqual(
      [last.body['week'], named.body['week'], odd.status, odd.body['code']],
      ['2026-W47', '2026-W01', 400, 'InvalidRequest'],
    );
    assert.match(String(last.body['page']), /^# Digest of week 2026-W47/);
  });
});
