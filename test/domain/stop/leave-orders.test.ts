import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { coveringFreezes } from '../../../domain/freeze/covering-freezes.ts';
import { howToLift } from '../../../domain/freeze/how-to-lift.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { abortWaiting } from '../../../domain/stop/abort-waiting.ts';
import { askForDrainSignOff } from '../../../domain/stop/ask-for-drain-sign-off.ts';
import { cancelRemainingOrders } from '../../../domain/stop/cancel-remaining-orders.ts';
import { closeOrderEntry } from '../../../domain/stop/close-order-entry.ts';
import { confirmNothingRests } from '../../../domain/stop/confirm-nothing-rests.ts';
import { leaveSignedOrders } from '../../../domain/stop/leave-signed-orders.ts';
import { recordStop } from '../../../domain/stop/record-stop.ts';
import { watchLeftOrders } from '../../../domain/stop/watch-left-orders.ts';
import { messagesIn } from '../../fakes/told.ts';
import { person, risk, STRATEGY, stateOf, trader } from '../../fakes/world.ts';
import { answers, order, payloadOf, question, STOP, type Stopping, stopping } from './a-stop.ts';

const LEAVE = { drainPolicy: 'leave-good-till-cancelled' } as const;
const DAY = order('day', { timeInForce: 'day' });
const none = ({ step }: Stopping) => ({ ...step, noneMayStay: true as const });
const ask = ({ step, ports }: Stopping, taskToken = 'a token of 16 or more') =>
  askForDrainSignOff({ ...step, taskToken }, ports);
const left = async ({ store }: Stopping) => (await store.get('DRAIN', STRATEGY))?.left?.map(({ orderId }) => orderId);

/** At the drain's deadline, with these orders at the venue, up to where a signature is missing. */
async function waiting(...kept: ReturnType<typeof order>[]): Promise<Stopping> {
  const made = await stopping(LEAVE);
  made.venues.kept = kept;
  made.pass(120_000);
  await closeOrderEntry(made.step, made.ports);
  await cancelRemainingOrders(made.step, made.ports);
  await assert.rejects(confirmNothingRests(made.step, made.ports), { name: 'DrainNeedsSignOff' });
  await ask(made);
  return made;
}

describe('the policy to leave good-till-cancelled orders', () => {
  let made: Stopping;
  beforeEach(async () => {
    made = await waiting(order('a'), DAY, order('b', { side: 'sell', quantity: 3 }));
  });

  it('cancels orders of the day at the deadline, one by one, and names the others to the engines before they become SAFE', () => {
    assert.deepEqual(
      made.venues.kept.map(({ orderId }) => orderId),
      ['a', 'b'],
    );
    assert.deepEqual(made.engines.modes.slice(0, 4), ['REDUCE_ONLY', 'REDUCE_ONLY', 'SAFE', 'SAFE']);
    assert.ok(made.engines.leaves.every((each) => each?.join() === 'a,b'));
  });

  it('asks a risk officer about exactly the orders that stay, and tells people what for', async () => {
    const asked = await question(made);

    assert.deepEqual(
      [asked?.requiredRoles, asked?.mayDecline, asked?.excluded, asked?.expiresAt],
      [['risk-officer'], ['execution-trader'], [trader.subject], '2026-11-24T12:17:00.000Z'],
    );
    assert.deepEqual(
      [asked?.document['orders'], asked?.document['notional'], asked?.document['stopRequestedBy']],
      [
        [
          {
            ...{ venue: 'XSIM', orderId: 'a', instrument: 'BTC-PERP', side: 'buy' },
            quantity: 2,
            price: 100,
            notional: 200,
          },
          {
            ...{ venue: 'XSIM', orderId: 'b', instrument: 'BTC-PERP', side: 'sell' },
            quantity: 3,
            price: 100,
            notional: 300,
          },
        ],
        500,
        trader.subject,
      ],
    );
    assert.equal(
      messagesIn(made, 'drain-sign-off')[0]?.facts['lines'],
      'XSIM a: buy 2 BTC-PERP at 100\nXSIM b: sell 3 BTC-PERP at 100',
    );
  });

  it('goes on with the signature: the orders stay, in the ledger, in the confirmation and in what people see', async () => {
    await answers(made, risk);
    assert.deepEqual(made.executions.answered.at(-1)?.outcome, 'succeeded');

    const { summary } = await leaveSignedOrders(made.step, made.ports);
    await confirmNothingRests(made.step, made.ports);
    const ended = await recordStop(made.step, made.ports);

    assert.equal(summary, '2 orders stay, signed by sub-risk');
    assert.match(ended.summary, /btc-momentum is off, its lock is released; 2 signed orders rest on/);
    assert.deepEqual([stateOf(made).mode, await left(made), made.venues.kept.length], ['OFF', ['a', 'b'], 2]);
    const { orders, approval, signed } = Object(payloadOf(made, 'drain.left'));
    assert.deepEqual([orders.length, approval, signed], [2, `${STOP}-drain-sign-off`, (await question(made))?.digest]);
    assert.equal(Object(payloadOf(made, 'stop.confirmed')).left.length, 2);
    assert.deepEqual(made.engines.leaves.at(-1), ['a', 'b']);
  });

  it('is not signed by whoever asked for the stop, nor by another role', async () => {
    const both = { ...trader, roles: ['risk-officer' as const] };

    await assert.rejects(answers(made, both), { name: 'SamePerson' });
    await assert.rejects(answers(made, person('sre', 'sre')), { name: 'WrongRole' });
  });

  it('cancels them when it is declined', async () => {
    await answers(made, trader, 'decline');
    assert.equal(made.executions.answered.at(-1)?.outcome, 'ApprovalDeclined');

    await cancelRemainingOrders(none(made), made.ports);
    await confirmNothingRests(none(made), made.ports);
    await recordStop(none(made), made.ports);

    assert.deepEqual([made.venues.kept, stateOf(made).mode, await left(made)], [[], 'OFF', undefined]);
    assert.deepEqual(made.engines.leaves.at(-1), []);
  });

  it('carries nothing that was signed by nobody, or too late', async () => {
    await assert.rejects(leaveSignedOrders(made.step, made.ports), { name: 'ApprovalClosed' });
    made.pass(16 * 60_000);
    await assert.rejects(answers(made, risk), { name: 'ApprovalExpired' });
  });

  it('carries nothing when the list has grown, or an order has: none may stay then', async () => {
    await answers(made, risk);
    const [a, b] = made.venues.kept;
    assert.ok(a && b);

    for (const kept of [
      [a, b, order('c')],
      [{ ...a, quantity: 2.5 }, b],
      [a, { ...b, price: 101 }],
      [a, b, DAY],
    ]) {
      made.venues.kept = kept;
      await assert.rejects(leaveSignedOrders(made.step, made.ports), { name: 'OrdersNotSigned' });
    }
    assert.equal(await left(made), undefined);
  });

  it('takes fewer than were signed for: some are filled, wholly or in part', async () => {
    await answers(made, risk);
    made.venues.kept = [order('a', { quantity: 0.5 })];

    await leaveSignedOrders(made.step, made.ports);

    assert.equal(Object(payloadOf(made, 'drain.left')).orders[0].notional, 50);
  });

  it('waits while a venue says nothing, and has nothing to record when all are gone', async () => {
    await answers(made, risk);
    made.venues.unreachable.add('XSIM');
    await assert.rejects(leaveSignedOrders(made.step, made.ports), { name: 'VenueUnreachable' });
    made.venues.unreachable.clear();
    made.venues.kept = [];

    assert.equal((await leaveSignedOrders(made.step, made.ports)).verdict, 'nothing-to-do');
  });

  it('asks on under a new token, when its machine asks again', async () => {
    await ask(made, 'a token of 16 or more, the second');

    assert.equal((await question(made))?.taskToken, 'a token of 16 or more, the second');
    await answers(made, risk);
    assert.equal(made.executions.answered.at(-1)?.token, 'a token of 16 or more, the second');
    assert.equal(messagesIn(made, 'drain-sign-off').length, 1);
  });

  it('is asked no more once a kill, or another stop, sends home whoever waits, though lists lag behind', async () => {
    const records = Object.assign(Object.create(made.store), { list: async () => [] });

    await abortWaiting(STRATEGY, new Refusal('StrategyKilled', 'killed', 'recover it'), { ...made.ports, records });

    assert.equal(made.executions.answered.at(-1)?.outcome, 'StrategyKilled');
    assert.equal((await question(made))?.status, 'void');
  });

  it('asks nobody when the orders are gone by then', async () => {
    const fresh = await stopping(LEAVE);

    const { verdict } = await ask(fresh);

    assert.deepEqual([verdict, await question(fresh)], ['nothing-to-do', undefined]);
    assert.equal(fresh.executions.answered.at(-1)?.outcome, 'succeeded');
  });

  it('asks nobody where only orders of the day rest: they are cancelled', async () => {
    const fresh = await stopping(LEAVE);
    fresh.venues.resting = 2;

    await closeOrderEntry(fresh.step, fresh.ports);
    await cancelRemainingOrders(fresh.step, fresh.ports);

    assert.match((await confirmNothingRests(fresh.step, fresh.ports)).summary, /^nothing rests at XSIM/);
  });

  it('cancels nothing at a venue that says nothing, where orders may stay, until it tells them apart', async () => {
    const fresh = await stopping(LEAVE);
    fresh.venues.kept = [order('a'), DAY];
    fresh.venues.openOrders = () => Promise.reject(new Refusal('VenueUnreachable', 'no answer', 'wait'));

    const { summary } = await cancelRemainingOrders(fresh.step, fresh.ports);
    assert.match(summary, /^XSIM: it gave no usable answer, and orders may stay there/);
    assert.equal(fresh.venues.kept.length, 2);
    await cancelRemainingOrders(none(fresh), fresh.ports);

    assert.deepEqual(fresh.venues.kept, []);
  });

  it('leaves what was signed for at a venue that says nothing at the end', async () => {
    await answers(made, risk);
    await leaveSignedOrders(made.step, made.ports);
    made.venues.openOrders = () => Promise.reject(new Refusal('VenueUnreachable', 'no answer', 'wait'));

    await cancelRemainingOrders(none(made), made.ports);

    assert.equal(made.venues.kept.length, 2);
  });

  it('says which cancels a venue refused, where others stay', async () => {
    const fresh = await stopping(LEAVE);
    fresh.venues.kept = [order('a'), DAY];
    fresh.venues.refuses = 'not now';

    const { summary } = await cancelRemainingOrders(fresh.step, fresh.ports);

    assert.equal(summary, '0 cancels sent to XSIM, 1 refused: not now');
  });
});

describe('orders that were left', () => {
  let made: Stopping;
  beforeEach(async () => {
    made = await waiting(order('a'), order('b'));
    await answers(made, risk);
    await leaveSignedOrders(made.step, made.ports);
    await recordStop(made.step, made.ports);
  });
  const frozen = async () => (await coveringFreezes(STRATEGY, made.ports)).map(({ source }) => source);

  it('keep the next launch from beginning, whose probe would cancel them, until the venues say that they are gone', async () => {
    assert.deepEqual(await frozen(), ['orders-left']);
    const [freeze] = await coveringFreezes(STRATEGY, made.ports);
    assert.match(freeze ? howToLift(freeze) : '', /until the venues say that they are gone/);
    made.venues.kept = [order('b')];

    assert.equal(await watchLeftOrders(made.ports), 0);
    assert.deepEqual([await left(made), await frozen()], [['b'], ['orders-left']]);
    made.venues.kept = [];
    assert.equal(await watchLeftOrders(made.ports), 1);

    assert.deepEqual([await left(made), await frozen()], [undefined, []]);
    assert.equal(await watchLeftOrders(made.ports), 0);
    assert.deepEqual(made.store.storyOf(STRATEGY).slice(-3), ['stop.confirmed', 'drain.left-gone', 'drain.left-gone']);
  });

  it('count as resting while the venue says nothing', async () => {
    made.venues.unreachable.add('XSIM');

    assert.equal(await watchLeftOrders(made.ports), 0);

    assert.deepEqual([await left(made), await frozen()], [['a', 'b'], ['orders-left']]);
  });

  it('let a fault of the look through', async () => {
    made.venues.openOrders = () => Promise.reject(new TypeError('broken'));

    await assert.rejects(watchLeftOrders(made.ports), TypeError);
  });

  it('are not looked after any more once another stop has begun, or their freeze is gone', async () => {
    const before = structuredClone(await made.store.get('DRAIN', STRATEGY));
    assert.ok(before);
    made.venues.kept = [];
    const records = Object.assign(Object.create(made.store), { list: async () => [before] });
    await made.store.put({
      kind: 'DRAIN',
      record: { ...before, run: made.step.runId.replace('stop', 'halt') as typeof STOP },
    });

    await watchLeftOrders({ ...made.ports, records });
    assert.deepEqual(await left(made), ['a', 'b']);

    await made.store.put({ kind: 'DRAIN', record: before });
    made.store.records.delete(`FREEZE#orders-left-${STRATEGY}`);
    await watchLeftOrders(made.ports);
    assert.equal(await left(made), undefined);
  });
});
