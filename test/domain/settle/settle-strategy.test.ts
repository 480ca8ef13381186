import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { readSettlement } from '../../../domain/settle/read-settlement.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { settleAlone } from '../../../domain/stop/settle-alone.ts';
import { settleStrategy } from '../../../domain/stop/settle-strategy.ts';
import { RUN, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { position } from './an-account.ts';

const STOP = RunId.parse('stop-btc-momentum-20261124-0123456789ab');

async function stopping(): Promise<World & { step: RunStep }> {
  const made = world();
  const live = { ...stateOf(made), mode: 'ACTIVE' as const, epoch: 4, run: { id: RUN } };
  made.store.strategies.set(STRATEGY, live);
  const decision = requestStop(live, { caller: trader, runId: STOP, request: {}, under: undefined, now: START });
  assert.ok(!(decision instanceof Refusal));
  await made.store.commit(live, decision, START);
  return { ...made, step: { strategyId: STRATEGY, runId: STOP, epoch: 5 } };
}

const newest = ({ store }: World) => JSON.parse(store.logs.get(STRATEGY)?.at(-1)?.text ?? '{}');
const told = async ({ store }: World) =>
  (await store.all('MESSAGE')).filter(({ trigger }) => trigger === 'settle-differences');
const archived = async ({ store, evidence }: World) => {
  const run = await store.get('RUN', STOP);
  assert.ok(run);
  return readSettlement(run, { evidence });
};

describe('settleStrategy', () => {
  let made: Awaited<ReturnType<typeof stopping>>;
  beforeEach(async () => {
    made = await stopping();
  });

  it('archives and records that both sides agree, and tells nobody', async () => {
    const { verdict } = await settleStrategy(made.step, made.ports);

    const { payload } = newest(made);
    const kept = await archived(made);
    assert.deepEqual([verdict, payload.verdict, payload.settled, payload.differing], ['done', 'agrees', 2, 0]);
    assert.deepEqual([kept?.settlement.verdict, kept?.hash], ['agrees', payload.report.hash]);
    assert.match(payload.log.key, /settle\.log$/);
    assert.deepEqual(await told(made), []);
  });

  it('records and announces what differs, and lets the stop go on', async () => {
    made.venues.holds = { positions: [position('BTC-PERP', 2)], cash: -200 };

    const { verdict, summary } = await settleStrategy(made.step, made.ports);

    assert.equal(verdict, 'warn');
    assert.match(summary, /position BTC-PERP: venues 2, engines 0; cash: venues -200, engines 0/);
    assert.equal(newest(made).payload.differing, 2);
    assert.deepEqual(
      (await told(made)).map(({ runId, facts }) => [runId, facts['reason']]),
      [[STOP, summary]],
    );
  });

  it('lets the stop go on without an instance or a venue that does not answer, and names them', async () => {
    made.engines.unreachable.add('btc-momentum-2');
    made.venues.unreachable.add('XSIM');

    const { summary } = await settleStrategy(made.step, made.ports);

    assert.match(summary, /venue XSIM did not say.*engine btc-momentum-2 did not say/);
    assert.equal(made.engines.calls.filter((call) => call === 'settle btc-momentum-2').length, 3);
    assert.deepEqual([newest(made).payload.verdict, (await told(made)).length], ['unknown', 1]);
  });

  it('stands by what it archived first when it is tried again', async () => {
    const { putting } = { putting: made.store.commit.bind(made.store) };
    made.store.commit = () => Promise.reject(new Error('down'));
    await assert.rejects(settleStrategy(made.step, made.ports), /down/);
    made.store.commit = putting;
    made.venues.holds = { positions: [position('BTC-PERP', 2)], cash: 0 };

    await settleStrategy(made.step, made.ports);

    assert.equal(newest(made).payload.verdict, 'agrees');
  });
});

describe('settleAlone', () => {
  const settle = (made: World, key: string) =>
    settleAlone({ strategyId: STRATEGY, actor: trader.subject, key }, made.ports);

  it('gives the same key the same reply, whatever has become of the books', async () => {
    const made = world();
    const first = await settle(made, 'k');
    made.venues.holds = { positions: [position('BTC-PERP', 2)], cash: 0 };

    const again = await settle(made, 'k');

    assert.deepEqual([again.repeated, again.reply, again.receipt], [true, first.reply, first.receipt]);
  });

  it('writes one entry for the same books, under whichever key, and one more when they have changed', async () => {
    const made = world();
    await settle(made, 'k1');
    made.engines.calls.length = 0;
    await settle(made, 'k2');
    assert.deepEqual([made.store.storyOf(STRATEGY), made.engines.calls.length], [['strategy.settled'], 2]);

    made.venues.holds = { positions: [], cash: 5 };
    const { reply } = await settle(made, 'k3');

    assert.deepEqual([reply.settlement.verdict, made.store.storyOf(STRATEGY).length], ['differs', 2]);
    assert.equal((await told(made)).length, 1);
  });

  it('writes one more entry when the strategy has been launched and stopped since, though the books are the same', async () => {
    const made = world();
    await settle(made, 'k1');
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: stateOf(made).epoch + 2 });

    await settle(made, 'k2');

    assert.equal(made.store.storyOf(STRATEGY).length, 2);
  });

  it('asks an instance that does not answer once: a person waits', async () => {
    const made = world();
    made.engines.unreachable.add('btc-momentum-2');

    const { reply } = await settle(made, 'k');

    assert.equal(reply.settlement.verdict, 'unknown');
    assert.equal(made.engines.calls.filter((call) => call === 'settle btc-momentum-2').length, 1);
  });

  it('does not take prices that move for another state of the books', async () => {
    const made = world();
    const held = { ...position('BTC-PERP', 0), quantity: 0 };
    made.venues.holds = { positions: [held], cash: 0 };
    await settle(made, 'k1');
    made.venues.holds = { positions: [{ ...held, markPrice: 7 }], cash: 0 };

    await settle(made, 'k2');

    assert.equal(made.store.storyOf(STRATEGY).length, 1);
  });

  it('refuses while the strategy is launched or may trade', async () => {
    const made = world();
    for (const mode of ['LAUNCHING', 'ACTIVE', 'STOPPING'] as const) {
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode });

      await assert.rejects(settle(made, mode), { name: 'StrategyNotOff' });
    }
  });

  it('names the orders that rest when it refuses', async () => {
    const made = world();
    made.venues.resting = 2;

    await assert.rejects(settle(made, 'k'), {
      name: 'OrdersResting',
      message: /2 orders still rest: o-0 \(buy 1 BTC-PERP at XSIM\), o-1/,
    });
  });

  it('lists the orders that were signed to stay when the drain ended, and refuses none of them', async () => {
    const made = world();
    made.venues.resting = 1;
    const left = {
      venue: 'XSIM',
      orderId: 'o-0',
      instrument: 'BTC-PERP',
      side: 'buy',
      quantity: 1,
      price: 1,
      notional: 1,
    };
    const drain = { id: STRATEGY, run: STOP, at: START.toISOString(), until: START.toISOString(), policy: 'cancel' };
    made.store.records.set(`DRAIN#${STRATEGY}`, {
      kind: 'DRAIN',
      record: { ...drain, engines: [], venues: [], left: [left] } as never,
    });

    const { reply } = await settle(made, 'k');

    const [venue] = reply.settlement.venues;
    assert.deepEqual(venue && 'resting' in venue && venue.resting.map(({ orderId }) => orderId), ['o-0']);
    made.venues.resting = 2;
    await assert.rejects(settle(made, 'k2'), { name: 'OrdersResting', message: /^1 orders still rest: o-1/ });
    left.venue = 'XSIF';
    await assert.rejects(settle(made, 'k3'), { name: 'OrdersResting', message: /^2 orders still rest/ });
  });

  it('refuses a venue that does not say what rests: silence proves nothing', async () => {
    const made = world();
    made.venues.unreachable.add('XSIM');

    await assert.rejects(settle(made, 'k'), { name: 'VenueUnreachable' });
  });
});
