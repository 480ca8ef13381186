import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { decideDrift } from '../../../domain/drift/decide-drift.ts';
import type { DriftReview } from '../../../domain/drift/drift-review.ts';
import { keepDriftReviews } from '../../../domain/drift/keep-drift-reviews.ts';
import { listDriftReviews } from '../../../domain/drift/list-drift-reviews.ts';
import type { StrategyId } from '../../../domain/ids.ts';
import type { Sample } from '../../../domain/monitor/sample.ts';
import { anInstance, aSample, foundIn, INSTRUMENT, position } from '../../fakes/a-sample.ts';
import { refusal } from '../../fakes/refusal.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { messagesIn } from '../../fakes/told.ts';
import { person, RUN, risk, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const SETTINGS = shippedMonitors().defaults;
const quant = person('quant', 'quant');
const MINUTE = 60_000;
let made: World;
let standing: ReadonlyMap<StrategyId, DriftReview>;
let keys = 0;
beforeEach(() => {
  made = world();
  standing = new Map();
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', epoch: 3, run: { id: RUN } });
});

/** Holds so much of a target of 100. */
function sampleOf(live: number, more: { target?: number; instrument?: string; mode?: 'ACTIVE' | 'SAFE' } = {}): Sample {
  const { target = 100, instrument = INSTRUMENT, mode = 'ACTIVE' } = more;
  const told = {
    report: { positions: [position(live, instrument)] },
    telemetry: { targets: [{ instrument, quantity: target }] },
  };
  const { clock } = made;
  const state = { mode, run: { id: RUN } };
  return aSample({
    state,
    instances: [anInstance({ ...told, at: clock.now })],
    now: clock.now,
    drift: standing.get(STRATEGY),
  });
}
/** One look, a minute after the one before. */
async function look(...args: Parameters<typeof sampleOf>): Promise<DriftReview | undefined> {
  made.pass(MINUTE);
  const kept = await keepDriftReviews([sampleOf(...args)], () => SETTINGS, made.ports);
  assert.deepEqual(kept.faults, []);
  ({ standing } = kept);
  return standing.get(STRATEGY);
}
async function decide(decision: 'accept' | 'return', { id }: { readonly id: string }, caller = quant) {
  keys += 1;
  const request = { decision, note: 'the close of Friday' };
  const { reply } = await decideDrift({ caller, id, key: `drift-${keys}`, request }, made.ports);
  standing = new Map([[STRATEGY, reply.review]]);
  return reply;
}
const opened = async (): Promise<DriftReview> => {
  const review = await look(101);
  assert.ok(review);
  return review;
};
const stored = (id: string) => made.store.get('DRIFT', id);
const story = () => made.store.storyOf(STRATEGY);

describe('keepDriftReviews (runbook 3.3)', () => {
  it('opens a review of more than 0.5 %, with the positions, announced to the quant on call; of exactly 0.5 % none', async () => {
    assert.equal(await look(100.5), undefined);

    const review = await look(100.6);

    assert.deepEqual([review?.status, review?.runId, review?.id], ['open', RUN, 'drift-btc-momentum-20261124T1202']);
    assert.deepEqual(
      review?.lines.map(({ instrument, live, target, mark }) => [instrument, live, target, mark]),
      [[INSTRUMENT, 100.6, 100, 100]],
    );
    assert.deepEqual([story(), await stored(review?.id ?? '')], [['drift.opened'], review]);
    const [message] = messagesIn(made, 'drift-review');
    assert.match(
      message?.facts['reason'] ?? '',
      /^BTC-PERP is 0\.60 % from its target; decide with: .* drift review drift-btc-momentum-/,
    );
    assert.equal(message?.facts['lines'], 'BTC-PERP: 100.6 held, 100 meant (0.60 %)');
  });

  it('opens one, whoever looks twice in the same minute', async () => {
    made.pass(MINUTE);
    const both = await Promise.all([1, 2].map(() => keepDriftReviews([sampleOf(101)], () => SETTINGS, made.ports)));

    assert.deepEqual(
      both.map(({ standing: of, faults }) => [of.size, faults.length]),
      [
        [1, 0],
        [1, 0],
      ],
    );
    assert.deepEqual(story(), ['drift.opened']);
  });

  it('brings a review that waits up to date when the drift has grown by another limit, and keeps it when it is gone', async () => {
    const { id } = await opened();

    await look(101.4);
    assert.equal((await stored(id))?.version, 1);
    await look(101.6);
    assert.equal((await stored(id))?.lines[0]?.live, 101.6);
    assert.equal((await look(1, { instrument: 'ETH-PERP', target: 0 }))?.lines[0]?.instrument, 'ETH-PERP');
    await look(103);
    const gone = await look(100);

    assert.deepEqual([gone?.status, gone?.lines[0]?.live, story()], ['open', 103, ['drift.opened']]);
  });

  it('tells once that nobody has decided it within a quarter of an hour, while positions still differ', async () => {
    const { id } = await opened();
    made.pass(14 * MINUTE);

    await look(100);
    assert.deepEqual(story(), ['drift.opened']);
    const late = await look(101);
    await look(101);
    assert.equal((await look(103))?.lines[0]?.live, 103); // it goes on growing

    assert.equal(late?.escalatedAt, late?.at);
    assert.deepEqual([story(), messagesIn(made, 'drift-unreviewed').length], [['drift.opened', 'drift.escalated'], 1]);
    assert.equal((await stored(id))?.escalatedAt, late?.at);
  });

  it('leaves a review as it is that somebody has decided meanwhile', async () => {
    const review = await opened();
    await decide('return', review);
    standing = new Map([[STRATEGY, review]]); // as it was seen a minute ago
    made.pass(14 * MINUTE);

    const seen = await look(105);

    assert.deepEqual([seen?.status, story()], ['returned', ['drift.opened', 'drift.returned']]);
    standing = new Map([[STRATEGY, { ...review, escalatedAt: review.at }]]);
    assert.equal((await look(106))?.status, 'returned');
  });

  it('asks nothing about what was accepted, until it grows by another limit or the target changes', async () => {
    for (const [live, target, asks] of [
      [101.4, 100, false],
      [101.6, 100, true],
      [102, 101, true],
      [100.2, 101, true],
    ] as const) {
      const review = await opened();
      await decide('accept', review);

      const next = await look(live, { target });

      assert.deepEqual(
        [next?.status, next?.id === review.id],
        asks ? ['open', false] : ['accepted', true],
        `${live} of ${target}`,
      );
      if (asks) assert.equal((await stored(review.id))?.status, 'over');
      standing = new Map();
      made.pass(MINUTE);
    }
  });

  it('asks about another instrument than what was accepted', async () => {
    await decide('accept', await opened());

    assert.equal((await look(101, { instrument: 'ETH-PERP' }))?.status, 'open');
  });

  it('ends what was accepted or returned once the drift is gone', async () => {
    for (const decision of ['accept', 'return'] as const) {
      const { id } = await opened();
      await decide(decision, { id });

      if (decision === 'return') assert.equal((await look(102))?.lines[0]?.live, 102);
      assert.equal(await look(100), undefined);
      const over = await stored(id);
      assert.equal(over?.status, 'over');
      if (over) standing = new Map([[STRATEGY, over]]); // as nobody has forgotten it yet: the next drift is a new one
    }
    assert.deepEqual(await listDriftReviews({}, made.ports), []);
  });

  it('ends nothing while positions cannot be read, however flat they look', async () => {
    const review = await opened();
    await decide('return', review);
    made.pass(MINUTE);
    const flat = sampleOf(0, { target: 0 });
    const unread = anInstance({ at: made.clock.now, report: { positions: 'many' }, telemetry: { targets: [] } });

    const kept = await keepDriftReviews([{ ...flat, instances: [unread] }], () => SETTINGS, made.ports);

    assert.equal(kept.standing.get(STRATEGY)?.status, 'returned');
    assert.equal((await stored(review.id))?.status, 'returned');
    assert.equal(await look(0, { target: 0 }), undefined);
  });

  it('compares nothing of what does not trade, nor without targets, and keeps what stands', async () => {
    const review = await opened();

    assert.equal((await look(110, { mode: 'SAFE' }))?.version, review.version);
    const { instances, ...sample } = sampleOf(110);
    const untold = instances.map(({ instanceId }) =>
      anInstance({ instanceId, at: made.clock.now, telemetry: { targets: undefined } as never }),
    );
    const kept = await keepDriftReviews([{ ...sample, instances: untold }], () => SETTINGS, made.ports);

    assert.deepEqual([...kept.standing.values()], [review]);
    const found = foundIn({ ...sample, instances: untold, drift: review });
    assert.deepEqual(found.slice(-2), ['drift/targets warn', 'drift/review warn']);
  });

  it('lets nothing that fails for one strategy hold up another', async () => {
    const other = { ...sampleOf(101), state: { ...sampleOf(101).state, id: 'eurusd-carry' as StrategyId } };

    const { standing: of, faults } = await keepDriftReviews([other, sampleOf(101)], () => SETTINGS, made.ports);

    assert.deepEqual(
      [[...of.keys()], String(faults)],
      [[STRATEGY], 'UnknownStrategy: there is no strategy eurusd-carry'],
    );
  });

  it('says in a message how many more lines there are than it shows', async () => {
    const lines = Array.from({ length: 12 }, (_, at) => position(1, `I${at}`));
    made.pass(MINUTE);
    const sample = { ...sampleOf(0), instances: [anInstance({ at: made.clock.now, report: { positions: lines } })] };

    await keepDriftReviews([sample], () => SETTINGS, made.ports);

    assert.match(messagesIn(made, 'drift-review')[0]?.facts['lines'] ?? '', /\nand 2 more$/);
  });
});

describe('decideDrift', () => {
  it('records who accepted it or returned it and why, and tells who has to correct it', async () => {
    const review = await opened();

    const { summary } = await decide('return', review);
    const accepted = await decide('accept', review, risk);

    assert.deepEqual([summary, accepted.summary], [`${review.id} is returned`, `${review.id} is accepted`]);
    assert.deepEqual(story(), ['drift.opened', 'drift.returned', 'drift.accepted']);
    assert.match(
      messagesIn(made, 'drift-review').at(-1)?.facts['reason'] ?? '',
      /was returned by sub-quant, .*: the close of Friday$/,
    );
    const { decidedBy, note } = (await stored(review.id)) ?? {};
    assert.deepEqual([decidedBy, note], ['sub-risk', 'the close of Friday']);
  });

  it('refuses others, what is not there, what was decided so already, and what is over', async () => {
    const review = await opened();
    await decide('accept', review);

    await assert.rejects(decide('return', review, trader), refusal('WrongRole'));
    await assert.rejects(decide('return', { id: 'drift-none' }), refusal('NotFound'));
    await assert.rejects(decide('accept', review), refusal('AlreadyDecided'));
    await look(100);
    await assert.rejects(decide('return', review), refusal('ReviewClosed'));
  });
});

describe('listDriftReviews', () => {
  it('lists those that stand, of one strategy, in one state', async () => {
    await opened();
    const count = async (query: Parameters<typeof listDriftReviews>[0]) =>
      (await listDriftReviews(query, made.ports)).length;

    assert.deepEqual([await count({}), await count({ strategy: STRATEGY })], [1, 1]);
    assert.equal(await count({ strategy: 'other' as StrategyId }), 0);
    assert.deepEqual([await count({ status: 'open' }), await count({ status: 'returned' })], [1, 0]);
  });
});

describe('the rule of drift', () => {
  it('says what the review says: told while it waits, paged when late or returned, throttled when it is not corrected', async () => {
    const of = (live: number) => foundIn(sampleOf(live)).filter((each) => each.startsWith('drift'));
    const found = () => of(101);
    assert.deepEqual(found(), []); // the look of the minute opens a review

    const review = await opened();
    assert.deepEqual(found(), ['drift/review warn']);
    made.pass(15 * MINUTE);
    assert.deepEqual(found(), ['drift/review page']);
    assert.deepEqual(of(100), ['drift/review warn']);
    await decide('return', review);
    assert.deepEqual(found(), ['drift/review page']);
    made.pass(15 * MINUTE);
    assert.deepEqual(found(), ['drift/review act throttle']);
    assert.deepEqual(of(100), ['drift/review page']);
    await decide('accept', review);
    assert.deepEqual(found(), []);
  });
});
