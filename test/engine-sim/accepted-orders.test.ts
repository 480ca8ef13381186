import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { AcceptedOrders } from '../../domain/engine/accepted-order.ts';
import { misreported } from '../../engine-sim/engine/misreported.ts';
import { generatedMarket } from '../../engine-sim/market/generated-market.ts';
import { faultPanel } from '../../engine-sim/program/fault-panel.ts';
import { venueApp } from '../../engine-sim/venue/venue-app.ts';
import { VenueConfig } from '../../engine-sim/venue/venue-config.ts';
import { VENUE_FAULTS, venueDesk } from '../../engine-sim/venue/venue-desk.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');

function simulated() {
  const clock = { now: NOON };
  const [settings] = VenueConfig.parse({
    port: 0,
    venues: [{ id: 'XSIM', tradingKeys: ['trading-key-1'], controlKeys: ['control-key-1'] }],
  }).venues;
  assert.ok(settings);
  let ids = 0;
  const now = () => clock.now;
  const { instruments, session, seed } = settings;
  const faults = faultPanel(VENUE_FAULTS, ['XSIM']);
  const desk = venueDesk(settings, generatedMarket({ seed, instruments, session, now }), faults, {
    now,
    newId: () => {
      ids += 1;
      return `o-${ids}`;
    },
    after: async () => undefined,
    log: () => undefined,
  });
  const app = venueApp([{ settings, desk }], () => undefined);
  const headers = { authorization: 'Bearer control-key-1' };
  const ask = async (query = '') => {
    const reply = await app.request(`/XSIM/v1/orders/accepted?strategy=s${query}`, { headers });
    return AcceptedOrders.parse(await reply.json());
  };
  const take = (index: number, price = 1) => {
    const order = { clientOrderId: `c-${index}`, strategyId: 's', instrument: 'BTC-USD', side: 'buy' as const };
    return desk.book.accept({ ...order, quantity: 1, price }, clock.now);
  };
  return { clock, desk, ask, take, faults };
}

describe('the orders that a simulated venue took', () => {
  it('are told with what became of each, when, and at which price', async () => {
    const { clock, desk, ask, take } = simulated();
    const [rests, cancelled, expired] = [take(1), take(2), take(3)];
    take(4, 1e6);
    clock.now += 1_000;
    desk.book.match({ instrument: 'BTC-USD', bid: 99, ask: 100, at: NOON });
    desk.book.remove(cancelled.orderId);
    desk.book.remove(expired.orderId, 'expired');

    const { orders } = await ask();

    const endedAt = new Date(clock.now).toISOString();
    assert.deepEqual(
      orders.map((each) => [each.outcome, each.endedAt, each.filledPrice]),
      [
        ['resting', undefined, undefined],
        ['cancelled', endedAt, undefined],
        ['expired', endedAt, undefined],
        ['filled', endedAt, 100],
      ],
    );
    assert.equal(orders[0]?.orderId, rests.orderId);
  });

  it('come in pages of a thousand, each once, and only those of the time that is asked for', async () => {
    const { clock, ask, take } = simulated();
    for (let index = 0; index < 1_500; index += 1) {
      clock.now = NOON + index;
      take(index);
    }
    const since = `&since=${new Date(NOON + 100).toISOString()}&until=${new Date(NOON + 1_400).toISOString()}`;

    const first = await ask(since);
    const second = await ask(`${since}&after=${first.next}`);

    assert.deepEqual([first.orders.length, second.orders.length, second.next], [1_000, 300, undefined]);
    assert.equal(new Set([...first.orders, ...second.orders].map(({ orderId }) => orderId)).size, 1_300);
    assert.equal(first.orders[0]?.submittedAt, new Date(NOON + 100).toISOString());
  });

  it('say since when they are kept, once the venue has forgotten one', async () => {
    const { clock, ask, take } = simulated();
    for (let index = 0; index < 10_001; index += 1) {
      clock.now = NOON + index;
      if (index === 10_000) assert.equal((await ask()).keptSince, undefined);
      take(index);
    }

    assert.equal((await ask()).keptSince, new Date(NOON + 1).toISOString());
  });

  it('are told by nobody while the venue is silent', async () => {
    const { ask, faults } = simulated();
    await faults.app.request('/faults/silent-venue', { method: 'POST' });

    const answer = ask();
    const first = await Promise.race([answer.then(() => 'it answered'), delay(30, 'silence')]);
    await faults.app.request('/faults/silent-venue', { method: 'DELETE' });

    assert.deepEqual([first, (await answer).orders], ['silence', []]);
  });
});

describe('an instance that misreports', () => {
  it('says one unit more of its instrument, and a hundred less cash', () => {
    const other = { instrument: 'ETH-USD', quantity: 2, averagePrice: 1, markPrice: 1 };
    const held = { ...other, instrument: 'BTC-USD', quantity: -3 };

    const flat = misreported({ positions: [], realised: 1, cash: 0 }, 'BTC-USD');
    const full = misreported({ positions: [held, other], realised: 1, cash: 5 }, 'BTC-USD');

    assert.deepEqual([flat.positions[0]?.quantity, flat.cash], [1, -100]);
    assert.deepEqual([full.positions, full.cash], [[other, { ...held, quantity: -2 }], -95]);
  });
});
