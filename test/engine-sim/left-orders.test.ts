import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { arm, halt, setMode } from '../../engine-sim/engine/command-rules.ts';
import { type EngineState, FRESH } from '../../engine-sim/engine/engine-state.ts';
import { instanceCore } from '../../engine-sim/engine/instance-core.ts';
import { latchStore } from '../../engine-sim/engine/latch-store.ts';
import { takeLease } from '../../engine-sim/engine/lease-rules.ts';
import { ownOrders } from '../../engine-sim/engine/own-orders.ts';
import { trader } from '../../engine-sim/engine/trader.ts';
import { orderBook } from '../../engine-sim/venue/order-book.ts';
import { eventually, type RunningSystem, runningSystem } from './running-system.ts';

/** Of test/engine-sim/running-system.ts. */
const TRADING_KEY = 'trading-key';
const NOW = { elapsed: 1_000, wall: Date.parse('2026-01-05T12:00:00Z') };
const told = (state: EngineState, leave?: { venue: string; orderId: string }[]) =>
  setMode(state, { strategyId: 's', epoch: 1, commandId: 'c', mode: 'SAFE', ...(leave && { leave }) }, NOW);
const NO_MARKET = { quote: () => undefined, closes: () => [], seen: () => ({}), refresh: async () => undefined };
const NO_ENTRY = {
  ...{ send: () => undefined, probe: async () => '', cancelAll: async () => 0 },
  ...{ reconcile: async () => undefined, seen: () => ({}) },
};
const a = { venue: 'XSIM', orderId: 'a' };

describe('orders that are left', () => {
  it('are those of the last command that named any', () => {
    const state = told(FRESH, [a]);

    assert.deepEqual([state.left, told(state).left, told(state, []).left], [['a'], ['a'], []]);
  });

  it('are forgotten by a halt and by an arm', () => {
    const state = told(FRESH, [a]);
    const loaded = {
      ...{ artifactDigest: 'sha256:a', limitsDigest: 'sha256:l', parametersDigest: 'sha256:p' },
      ...{ parameters: {}, limits: {} },
    };
    const lease = { mode: 'ACTIVE' as const, maxOrdersPerSec: 1, epoch: 1, sent: NOW, ttlMs: 5_000 };
    const command = {
      ...{ strategyId: 's', epoch: 1, commandId: 'arm', runId: 'r' },
      ...{ artifactDigest: 'sha256:a', limitsDigest: 'sha256:l', maxOrdersPerSec: 1 },
    };

    assert.deepEqual(halt(state, { epoch: 1, reason: 'loss' }, NOW).left, []);
    assert.deepEqual(arm({ ...state, loaded, lease }, command, NOW).left, []);
  });

  it('are known again after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 's-left-'));
    await latchStore(folder, 'i').write(told(FRESH, [a]));

    assert.deepEqual(latchStore(folder, 'i').read(new Date(NOW.wall)).left, ['a']);
    await rm(folder, { recursive: true });
  });
});

describe('a quote that is good till cancelled', () => {
  it('outlives the lifetime of one of the day', async () => {
    const limits = { currency: 'USD', instruments: { X: { maxNotional: 1_000, maxPosition: 10 } }, killThresholds: {} };
    const loaded = { artifactDigest: 'a', limitsDigest: 'l', parametersDigest: 'p', parameters: {}, limits };
    const store = { read: () => ({ ...FRESH, armedEpoch: 0, armedRate: 1, loaded }), write: async () => undefined };
    let elapsed = 1_000;
    const core = instanceCore('i', store, { elapsed: () => elapsed, wall: () => elapsed }, () => undefined);
    const terms = { mode: 'ACTIVE', maxOrdersPerSec: 1, epoch: 0, expiresInMs: 60_000 };
    await core.apply((state, now) => takeLease(state, core.now(), terms, now));
    const orders = ownOrders(() => false);
    for (const timeInForce of ['day', 'gtc'] as const) {
      const ticket = { clientOrderId: timeInForce, instrument: 'X', side: 'buy' as const, quantity: 1, price: 1 };
      orders.sent({ ...ticket, timeInForce }, elapsed, '2026-01-05T12:00:00.000Z');
      orders.acknowledged(timeInForce, timeInForce);
    }
    const cancelled: string[] = [];
    const look = trader(core, NO_MARKET, { ...NO_ENTRY, orders, cancel: (orderId) => void cancelled.push(orderId) });

    elapsed += 4_999;
    look();
    assert.deepEqual([core.inForce().mode, cancelled], ['ACTIVE', []]);
    elapsed += 1;
    look();

    assert.deepEqual(cancelled, ['day']);
  });
});

describe('a venue', () => {
  it('keeps what is good till cancelled beyond the session, in its own list', () => {
    const book = orderBook(
      () => 'o-1',
      () => 0,
    );
    const order = { strategyId: 's', instrument: 'I', side: 'buy' as const, quantity: 1, price: 1 };
    book.accept({ ...order, clientOrderId: 'x', timeInForce: 'gtc' }, 0);

    assert.equal(book.resting('s')[0]?.timeInForce, 'gtc');
  });
});

describe('an engine that is told to leave orders', () => {
  let system: RunningSystem;
  before(async () => {
    system = await runningSystem();
  });
  after(() => system.close());

  it('cancels everything else when it is SAFE, and those too when it is told to leave none', async () => {
    const resting = async () => (await system.venuePort.openOrders(system.venue, 'btc')).map(({ orderId }) => orderId);
    const submit = async (clientOrderId: string) => {
      const body = { clientOrderId, strategyId: 'btc', instrument: 'BTC-USD', side: 'buy', quantity: 1, price: 1 };
      const reply = await fetch(`${system.venue.url}/v1/orders`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TRADING_KEY}` },
        body: JSON.stringify({ ...body, timeInForce: 'gtc' }),
      });
      return String(Object(await reply.json()).orderId);
    };
    const leave = (orderIds: string[]) =>
      system.engines.mode(
        system.instance(),
        {
          ...{ strategyId: 'btc', epoch: 0, commandId: `leave-${orderIds.length}`, mode: 'SAFE' },
          leave: orderIds.map((orderId) => ({ venue: 'XSIM', orderId })),
        },
        { deadlineMs: 5_000 },
      );
    await system.fault(system.venues.faultUrl, 'refuse-cancel', 'POST'); // until it is told what to leave
    const [stays, goes] = [await submit('stays'), await submit('goes')];
    await leave([stays]);
    await system.fault(system.venues.faultUrl, 'refuse-cancel', 'DELETE');

    const left = await eventually(resting, (ids) => !ids.includes(goes));
    assert.deepEqual(left, [stays]);
    await leave([]);
    assert.deepEqual(await eventually(resting, (ids) => ids.length === 0), []);
  });
});
