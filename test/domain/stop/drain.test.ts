import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaseId } from '../../../domain/lease/lease.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { cancelRemainingOrders } from '../../../domain/stop/cancel-remaining-orders.ts';
import { closeOrderEntry } from '../../../domain/stop/close-order-entry.ts';
import { confirmNothingRests } from '../../../domain/stop/confirm-nothing-rests.ts';
import { countOpenOrders } from '../../../domain/stop/count-open-orders.ts';
import { escalateDrain } from '../../../domain/stop/escalate-drain.ts';
import { recordStop } from '../../../domain/stop/record-stop.ts';
import { shippedCalendar, storedCalendar } from '../../fakes/calendars.ts';
import { messagesIn } from '../../fakes/told.ts';
import { REGISTRATION, STRATEGY, stateOf } from '../../fakes/world.ts';
import { order, payloadOf, type Stopping, stopping } from './a-stop.ts';

const UNTIL = '2026-11-24T12:02:00.000Z';
const count = ({ step, ports }: Stopping, drainUntil = UNTIL) => countOpenOrders({ ...step, drainUntil }, ports);
const seen = ({ store }: Stopping) => store.get('DRAIN', STRATEGY);

/** The instance's lease lives until then. */
const leased = ({ store, step }: Stopping, instanceId: string, expiresAt: string) =>
  store.put({
    kind: 'LEASE',
    record: {
      ...{ id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch: step.epoch },
      ...{ grantedMode: 'REDUCE_ONLY', grantedAt: '2026-11-24T11:59:59.000Z', expiresAt, report: {} },
    },
  });

/** Trades at a second venue too, whose calendar is the one of New York. */
async function alsoAt(made: Stopping, ids: readonly string[]): Promise<void> {
  const venues = ids.map((id) => ({ id, url: `http://127.0.0.1:1/${id}` }));
  const record = { ...REGISTRATION, venues };
  made.store.records.set(`REGISTRATION#${STRATEGY}`, { kind: 'REGISTRATION', record });
  await made.store.put({ kind: 'CALENDAR', record: storedCalendar(shippedCalendar('XNYS')) });
}

describe('the drain', () => {
  it('is over when the engines and every venue report zero open orders', async () => {
    const made = await stopping();

    const { summary, verdict } = await count(made);

    assert.deepEqual([summary, verdict], ['open_orders is zero at XSIM', 'go']);
  });

  it('goes on while orders rest at a venue, and says how many where', async () => {
    const made = await stopping();
    made.venues.resting = 3;

    await assert.rejects(count(made), { name: 'OrdersResting', message: '3 open orders at XSIM (3)' });
  });

  it('goes on while an engine counts orders that no venue has: they may be on their way', async () => {
    const made = await stopping();
    made.engines.counts = [order('sent')];

    await assert.rejects(count(made), {
      name: 'OrdersResting',
      message: /btc-momentum-1 counts 1 open order, which no venue has; btc-momentum-2 counts/,
    });
  });

  it('waits for an engine that does not answer only while its lease lives, and names it afterwards', async () => {
    const made = await stopping();
    made.engines.unreachable.add('btc-momentum-2');
    await leased(made, 'btc-momentum-2', '2026-11-24T12:00:05.000Z');

    await assert.rejects(count(made), {
      name: 'EngineUnreachable',
      message: 'btc-momentum-2 does not answer, and its lease lives until 2026-11-24T12:00:05.000Z',
    });
    made.pass(5_000);

    const { summary } = await count(made);
    assert.match(summary, /zero at XSIM; btc-momentum-2 did not answer, and holds no lease any more/);
  });

  it("takes the venues' word at once for an engine that never held a lease", async () => {
    const made = await stopping();
    made.engines.unreachable.add('btc-momentum-1');

    assert.equal((await count(made)).verdict, 'go');
  });

  it('goes on while a venue says nothing, whatever the others say', async () => {
    const made = await stopping();
    await alsoAt(made, ['XSIM', 'XNYS']);
    made.venues.unreachable.add('XNYS');

    await assert.rejects(count(made), { name: 'VenueUnreachable', message: 'XNYS gave no usable answer' });
    made.venues.resting = 1;
    await assert.rejects(count(made), {
      name: 'OrdersResting',
      message: '1 open order at XSIM (1); XNYS gave no usable answer',
    });
  });

  it('keeps what it saw, with when each venue closes and when it takes no cancels, for the countdown', async () => {
    const made = await stopping();
    await alsoAt(made, ['XSIM', 'XNYS', 'ELSEWHERE']);
    made.venues.kept = [order('o', { venue: 'XNYS' })];
    made.engines.unreachable.add('btc-momentum-2');

    await assert.rejects(count(made), { name: 'OrdersResting' });

    assert.deepEqual(await seen(made), {
      ...{ id: STRATEGY, run: made.step.runId, at: '2026-11-24T12:00:00.000Z', until: UNTIL, policy: 'cancel' },
      engines: [
        { instance: 'btc-momentum-1', open: 0 },
        { instance: 'btc-momentum-2', open: null },
      ],
      venues: [
        { venue: 'XSIM', open: 0 },
        {
          ...{ venue: 'XNYS', open: 1, closesAt: '2026-11-24T21:00:00.000Z' },
          noCancel: {
            name: 'closing auction: on-close orders',
            from: '2026-11-24T20:50:00.000Z',
            to: '2026-11-24T21:00:00.000Z',
          },
        },
        { venue: 'ELSEWHERE', open: 0 },
      ],
    });
  });

  it('says at its deadline what the policy is', async () => {
    const made = await stopping();
    made.venues.resting = 3;
    made.pass(120_000);

    await assert.rejects(count(made), { name: 'DrainDeadlinePassed', next: 'the declared policy is: cancel' });
  });

  it('is not ended by a lease that is lost meanwhile, which raises the epoch', async () => {
    const made = await stopping();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 6 });

    assert.equal((await count(made)).verdict, 'go');
    await closeOrderEntry(made.step, made.ports);
    await recordStop(made.step, made.ports);

    assert.deepEqual([stateOf(made).mode, stateOf(made).drained], ['OFF', undefined]);
  });

  it('lets a fault through: it is none of the answers of an engine or a venue', async () => {
    const made = await stopping();
    made.venues.openOrders = () => Promise.reject(new TypeError('broken'));

    await assert.rejects(count(made), TypeError);
  });
});

describe('the policy to cancel', () => {
  it('ends closing orders first, then cancels at the venues, and again until nothing rests', async () => {
    const made = await stopping();
    made.venues.resting = 3;
    made.venues.stubborn = 2;

    await closeOrderEntry(made.step, made.ports);
    const { summary } = await cancelRemainingOrders(made.step, made.ports);

    assert.deepEqual(
      [summary, stateOf(made).drained, made.engines.modes.at(-1)],
      ['3 cancels sent to XSIM', true, 'SAFE'],
    );
    await assert.rejects(confirmNothingRests(made.step, made.ports), { name: 'OrdersResting' });
    await assert.rejects(confirmNothingRests(made.step, made.ports), { name: 'OrdersResting' });
    assert.match((await confirmNothingRests(made.step, made.ports)).summary, /^nothing rests at XSIM$/);
    assert.equal(made.venues.cancels, 3);
  });

  it('cancels what is good till cancelled too', async () => {
    const made = await stopping();
    made.venues.kept = [order('kept')];

    await cancelRemainingOrders(made.step, made.ports);

    assert.deepEqual(made.venues.kept, []);
  });

  it('has nothing to do, and records nothing, where nothing rests', async () => {
    const made = await stopping();

    const { verdict } = await cancelRemainingOrders(made.step, made.ports);

    assert.deepEqual([verdict, payloadOf(made, 'drain.cancelled')], ['nothing-to-do', undefined]);
  });

  it('sends a cancel in a no-cancel window all the same, and says what to expect', async () => {
    const made = await stopping();
    await alsoAt(made, ['XNYS']);
    made.clock.now = new Date('2026-11-24T20:55:00Z');
    made.venues.kept = [order('o', { venue: 'XNYS' })];
    made.venues.refuses = 'closing auction';
    made.venues.stubborn = 9;

    const { summary } = await cancelRemainingOrders(made.step, made.ports);

    assert.equal(
      summary,
      '0 cancels sent to XNYS, 1 refused: closing auction (it takes no cancels until 2026-11-24T21:00:00.000Z, closing auction: on-close orders: expect them to trade or rest until then)',
    );
  });

  it('says nothing of a window that is to come', async () => {
    const made = await stopping();
    await alsoAt(made, ['XNYS']);
    made.venues.kept = [order('o', { venue: 'XNYS' })];

    assert.equal((await cancelRemainingOrders(made.step, made.ports)).summary, '1 cancels sent to XNYS');
  });

  it('asks a silent venue to cancel as well, and waits for its word', async () => {
    const made = await stopping();
    made.venues.unreachable.add('XSIM');
    made.venues.cancelAll = () => made.venues.openOrders({ id: 'XSIM', url: '' }).then(() => assert.fail());

    const { summary } = await cancelRemainingOrders(made.step, made.ports);

    assert.equal(summary, 'XSIM: XSIM did not answer');
    await assert.rejects(confirmNothingRests(made.step, made.ports), { name: 'VenueUnreachable' });
  });

  it('lets a fault through', async () => {
    const made = await stopping();
    made.venues.resting = 1;
    made.venues.cancelAll = () => Promise.reject(new TypeError('broken'));

    await assert.rejects(cancelRemainingOrders(made.step, made.ports), TypeError);
  });
});

describe('the policy to escalate', () => {
  it('tells people which orders rest, again at each deadline, and cancels nothing', async () => {
    const made = await stopping({ drainPolicy: 'escalate', drainEscalationMinutes: 10 });
    made.venues.kept = [order('o-1'), order('o-2', { timeInForce: 'day', side: 'sell' })];
    made.pass(120_000);

    await assert.rejects(count(made), { name: 'DrainEscalated' });
    const first = await escalateDrain({ ...made.step, drainUntil: UNTIL }, made.ports);
    const again = await escalateDrain({ ...made.step, drainUntil: UNTIL }, made.ports);

    assert.deepEqual([first.drainUntil, again.drainUntil], ['2026-11-24T12:12:00.000Z', '2026-11-24T12:12:00.000Z']);
    await assert.rejects(count(made, first.drainUntil), { name: 'OrdersResting' });
    made.pass(600_000);
    await assert.rejects(count(made, first.drainUntil), { name: 'DrainEscalated' });
    await escalateDrain({ ...made.step, drainUntil: first.drainUntil }, made.ports);
    const messages = messagesIn(made, 'drain-escalated');
    assert.equal(messages.length, 2);
    assert.equal(messages[0]?.facts['lines'], 'XSIM o-1: buy 2 BTC-PERP at 100\nXSIM o-2: sell 2 BTC-PERP at 100');
    assert.deepEqual([made.venues.kept.length, made.venues.cancels], [2, 0]);
  });

  it('tells people who is silent, where that is what holds it up', async () => {
    const made = await stopping({ drainPolicy: 'escalate' });
    made.venues.unreachable.add('XSIM');
    made.pass(120_000);

    await escalateDrain({ ...made.step, drainUntil: UNTIL }, made.ports);

    const [message] = messagesIn(made, 'drain-escalated');
    assert.equal(message?.facts['reason'], `past the deadline ${UNTIL}: XSIM gave no usable answer`);
  });

  it('ends when the venues say that nothing rests any more', async () => {
    const made = await stopping({ drainPolicy: 'escalate' });
    made.pass(120_000);

    assert.equal((await count(made)).verdict, 'go');
    await escalateDrain({ ...made.step, drainUntil: UNTIL }, made.ports); // between two looks
    assert.match(String(messagesIn(made, 'drain-escalated')[0]?.facts['reason']), /: nothing rests any more$/);
  });
});

describe('the policy to leave orders', () => {
  it('waits for all of them until the deadline, as every policy does', async () => {
    const fresh = await stopping({ drainPolicy: 'leave-good-till-cancelled' });
    fresh.venues.kept = [order('a')];
    const command = { ...fresh.step, drainUntil: '2026-11-24T12:02:00.000Z' };

    await assert.rejects(countOpenOrders(command, fresh.ports), { name: 'OrdersResting' });
    fresh.pass(120_000);
    await assert.rejects(countOpenOrders(command, fresh.ports), { name: 'DrainDeadlinePassed' });
  });
});

it('a refusal of the stop keeps its list of orders for whoever reads it', async () => {
  const made = await stopping();
  made.venues.kept = [order('a')];

  await assert.rejects(confirmNothingRests(made.step, made.ports), (error) => {
    assert.ok(error instanceof Refusal);
    return Array.isArray(error.facts['orders']);
  });
});
