import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../domain/ledger/digest.ts';
import { checkOrder } from '../../engine-sim/engine/check-order.ts';
import { digestOfDocument } from '../../engine-sim/engine/document-digest.ts';
import { flowOf } from '../../engine-sim/engine/flow-settings.ts';
import { wantedOrders } from '../../engine-sim/engine/order-flow.ts';
import { percentile, roundTrips } from '../../engine-sim/engine/round-trips.ts';
import { EMPTY_BUCKET, takeToken } from '../../engine-sim/engine/token-bucket.ts';
import { afterTrade, NOTHING } from '../../engine-sim/venue/holding.ts';

const limits = { currency: 'USD', instruments: { X: { maxNotional: 1_000, maxPosition: 10 } }, killThresholds: {} };
const order = (side: 'buy' | 'sell', quantity: number, price = 10) => ({ instrument: 'X', side, quantity, price });

describe('checkOrder', () => {
  it('refuses everything in SAFE, and instruments without a limit', () => {
    assert.match(checkOrder(order('buy', 1), { position: 0, resting: [] }, limits, 'SAFE') ?? '', /SAFE/);
    assert.match(
      checkOrder({ ...order('buy', 1), instrument: 'Y' }, { position: 0, resting: [] }, limits, 'ACTIVE') ?? '',
      /not in the deployed limits/,
    );
  });

  it('counts what rests on the same side as if it filled', () => {
    assert.equal(
      checkOrder(order('buy', 4), { position: 2, resting: [order('buy', 4), order('sell', 9)] }, limits, 'ACTIVE'),
      undefined,
    );
    assert.match(
      checkOrder(order('buy', 5), { position: 2, resting: [order('buy', 4)] }, limits, 'ACTIVE') ?? '',
      /position 11/,
    );
    assert.match(
      checkOrder(order('buy', 6, 200), { position: 0, resting: [] }, limits, 'ACTIVE') ?? '',
      /notional 1200/,
    );
  });

  it('lets an order that brings a position back under its limit through', () => {
    assert.equal(checkOrder(order('sell', 5), { position: 50, resting: [] }, limits, 'ACTIVE'), undefined);
  });

  it('in REDUCE_ONLY never lets a position grow or change sides, whatever fills', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -20, max: 20 }),
        fc.array(fc.tuple(fc.constantFrom('buy' as const, 'sell' as const), fc.integer({ min: 1, max: 12 }))),
        (position, tries) => {
          const resting: ReturnType<typeof order>[] = [];
          for (const [side, quantity] of tries) {
            const next = order(side, quantity);
            if (checkOrder(next, { position, resting }, limits, 'REDUCE_ONLY') === undefined) resting.push(next);
          }
          const after =
            position + resting.reduce((sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity), 0);
          assert.ok(Math.abs(after) <= Math.abs(position) && after * position >= 0);
        },
      ),
    ));
});

describe('wantedOrders', () => {
  const flow = flowOf({ instrument: 'X', orderQuantity: 1 }, limits);
  const moment = {
    position: 0,
    resting: [],
    mode: 'ACTIVE' as const,
    bid: 99,
    ask: 101,
    closes: [1, 2, 3],
    sequence: 0,
    takeNow: false,
  };

  it('stays inside the limits, however long it runs', () =>
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (takes) => {
        const resting: ReturnType<typeof order>[] = [];
        for (const [sequence, takeNow] of takes.entries())
          resting.push(...wantedOrders(flow, { ...moment, resting, sequence, takeNow }));
        const long = resting.filter(({ side }) => side === 'buy').reduce((sum, { quantity }) => sum + quantity, 0);
        assert.ok(long <= 10);
      }),
    ));

  it('shows an order that its limits can never allow, so that a smoke replay counts the reject', () => {
    const tooLarge = flowOf({ instrument: 'X', orderQuantity: 11 }, limits);

    const [wanted] = wantedOrders(tooLarge, moment);

    assert.ok(wanted && checkOrder(wanted, { position: 0, resting: [] }, limits, 'ACTIVE') !== undefined);
  });

  it('quotes good till cancelled where that is deployed, but closes with orders of the day, which do not outlive a stop', () => {
    const gtc = flowOf({ instrument: 'X', orderQuantity: 1, timeInForce: 'gtc' }, limits);

    const [quote] = wantedOrders(gtc, moment);
    const [closing] = wantedOrders(gtc, { ...moment, mode: 'REDUCE_ONLY', position: 5 });

    assert.deepEqual([quote?.timeInForce, closing?.timeInForce], ['gtc', 'day']);
  });

  it('takes its size from the limits when none is deployed, and trades with the momentum', () => {
    const [taking] = wantedOrders(flowOf({}, limits), { ...moment, closes: [1, 1, 1, 1, 2, 3], takeNow: true });

    assert.deepEqual([taking?.instrument, taking?.side, taking?.quantity], ['X', 'buy', 0.495]);
  });
});

describe('takeToken', () => {
  it('never lets more through in any second than its rate and one burst, and nothing at 0', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(0, 0.5, 1, 3, 10),
        fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 200 }),
        (rate, steps) => {
          let [bucket, now, sent] = [EMPTY_BUCKET, 0, 0];
          let newest = 0;
          for (const step of steps) {
            now += step;
            newest = Math.max(newest, now);
            const taken = takeToken(bucket, rate, Math.max(newest, 0));
            bucket = taken.bucket;
            if (taken.allowed) sent += 1;
          }
          assert.ok(
            sent <= (rate === 0 ? 0 : Math.max(1, rate) + (newest / 1000) * rate + 1e-6),
            `${sent} at ${rate}/s in ${newest} ms`,
          );
        },
      ),
    ));
});

describe('roundTrips', () => {
  it('counts into the first bucket that fits, and takes off what was reported and no more', () => {
    const trips = roundTrips();
    for (const ms of [0.5, 119, 120, 121, 99_999]) trips.add(ms, 0);
    const reported = trips.histogram();
    trips.add(3, 0);

    trips.forget(reported.counts);

    assert.equal(
      reported.counts.reduce((sum, count) => sum + count, 0),
      5,
    );
    assert.equal(reported.counts[reported.boundsMs.indexOf(120)], 2);
    assert.equal(reported.counts.at(-1), 1);
    assert.equal(
      trips.histogram().counts.reduce((sum, count) => sum + count, 0),
      1,
    );
  });

  it('looks at the last minute, and at the last 20 when that is too little', () => {
    const trips = roundTrips();
    assert.equal(trips.p95(0), null);
    trips.add(500, 0);
    assert.equal(trips.p95(300_000), 500);
    for (let at = 0; at < 40; at += 1) trips.add(10, 200_000 + at);
    assert.equal(trips.p95(210_000), 10);
  });

  it('has a percentile of nothing: null', () =>
    assert.deepEqual([percentile([], 0.5), percentile([3, 1, 2], 0.5)], [null, 2]));
});

describe('digestOfDocument', () => {
  it('agrees with the digest of the control plane on every document', () =>
    fc.assert(fc.property(fc.jsonValue(), (document) => assert.equal(digestOfDocument(document), digestOf(document)))));
});

describe('afterTrade', () => {
  const trade = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 100 }),
    price: fc.integer({ min: 1, max: 1_000 }),
  });

  it('keeps cash, position and result consistent at any mark', () =>
    fc.assert(
      fc.property(fc.array(trade), fc.integer({ min: 1, max: 1_000 }), (trades, mark) => {
        const held = trades.reduce(afterTrade, NOTHING);
        const result = held.realised + held.quantity * (mark - held.averagePrice);
        assert.ok(Math.abs(held.cash + held.quantity * mark - result) < 1e-6 * Math.max(1, Math.abs(held.cash)));
      }),
    ));

  it('realises on the way down, and starts a new average beyond zero', () => {
    const long = afterTrade(NOTHING, { side: 'buy', quantity: 2, price: 10 });
    const short = afterTrade(long, { side: 'sell', quantity: 3, price: 12 });

    assert.deepEqual(short, { quantity: -1, averagePrice: 12, realised: 4, cash: 16 });
  });
});
