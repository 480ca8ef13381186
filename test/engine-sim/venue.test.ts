import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import type { Program } from '../../engine-sim/program/run-program.ts';
import { startVenues } from '../../engine-sim/venue/start-venues.ts';
import { VenueConfig } from '../../engine-sim/venue/venue-config.ts';
import { eventually } from './running-system.ts';

const trading = 'trading-key';
const control = 'control-key';
const noon = Date.parse('2026-01-05T17:00:00Z');
const keys = { tradingKeys: [trading], controlKeys: [control] };
const settings = VenueConfig.parse({
  port: 0,
  venues: [
    { id: 'XSIM', ...keys },
    { id: 'XSIF', ...keys },
  ],
});

/** What any of the replies may hold. */
const Reply = z.looseObject({
  code: z.string().optional(),
  orderId: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  orders: z.array(z.unknown()).optional(),
  positions: z.array(z.object({ quantity: z.number() })).optional(),
  cash: z.number().optional(),
  bars: z.array(z.unknown()).optional(),
});

describe('a simulated venue', () => {
  let program: Program;
  let now = noon;
  const delays: number[] = [];
  const ask = async (
    method: string,
    path: string,
    { key = trading, body, venue = 'XSIM' }: { key?: string; body?: unknown; venue?: string } = {},
  ) => {
    const reply = await fetch(`${program.url}/${venue}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: Reply.parse(await reply.json()) };
  };
  const order = (over: object = {}) => ({
    clientOrderId: randomUUID(),
    strategyId: 's',
    instrument: 'BTC-USD',
    side: 'buy',
    quantity: 1,
    price: 1,
    ...over,
  });
  const resting = async () => (await ask('GET', '/orders?strategy=s')).body.orders?.length;

  before(async () => {
    const after = async (ms: number) => void delays.push(ms);
    program = await startVenues(settings, { now: () => now, newId: randomUUID, after, log: () => undefined });
  });
  after(() => program.close());

  it('knows its two kinds of keys, and nobody else', async () => {
    assert.equal((await ask('GET', '/orders?strategy=s', { key: 'stranger' })).status, 401);
    assert.equal((await ask('GET', '/orders?strategy=s', { key: '' })).status, 401);
    assert.equal((await ask('GET', '/orders?strategy=s', { key: control })).status, 200);
    assert.deepEqual((await ask('POST', '/orders', { key: control, body: order() })).body.code, 'KeyMayNotTrade');
  });

  it('rests an order that the market has not reached, once for each client order id, and lets the control key cancel it', async () => {
    const same = order({ clientOrderId: 'once' });
    const first = await ask('POST', '/orders', { body: same });
    const second = await ask('POST', '/orders', { body: same });

    assert.deepEqual([first.status, first.body.status, second.body.orderId], [201, 'resting', first.body.orderId]);
    assert.deepEqual(await ask('DELETE', '/orders?strategy=s', { key: control }), {
      status: 202,
      body: { cancelRequested: 1, refused: [] },
    });
    await eventually(resting, (count) => count === 0);
  });

  it('tells of every order that it ever took for a strategy, and when, whatever became of it', async () => {
    const filled = await ask('POST', '/orders', { body: order({ strategyId: 'told', price: 1e6 }) });
    const cancelled = await ask('POST', '/orders', { body: order({ strategyId: 'told' }) });
    await ask('DELETE', '/orders?strategy=told', { key: control });

    const { body } = await ask('GET', '/orders/accepted?strategy=told', { key: control });

    const submittedAt = new Date(noon).toISOString();
    assert.deepEqual(
      z.array(z.object({ orderId: z.string(), submittedAt: z.string() })).parse(body.orders),
      [filled, cancelled].map((each) => ({ orderId: each.body.orderId, submittedAt })),
    );
  });

  it('fills what the market reaches, and shows the position', async () => {
    await ask('POST', '/orders', { body: order({ strategyId: 'filled', price: 1e6 }) });

    const { positions, cash } = await eventually(
      async () => (await ask('GET', '/positions?strategy=filled')).body,
      (account) => account.positions?.length === 1,
    );

    assert.equal(positions?.[0]?.quantity, 1);
    assert.ok(cash !== undefined && cash < -30_000);
  });

  it('refuses orders for what it does not trade, without a form, and outside its session, at whose end orders lapse', async () => {
    assert.equal(
      (await ask('POST', '/orders', { body: order({ instrument: 'EUR-USD' }) })).body.code,
      'UnknownInstrument',
    );
    assert.equal((await ask('POST', '/orders', { body: { side: 'up' } })).body.code, 'InvalidRequest');
    const euro = order({ instrument: 'EUR-USD', price: 0.5 });
    assert.equal((await ask('POST', '/orders', { venue: 'XSIF', body: euro })).status, 201);

    now = Date.parse('2026-01-05T22:00:00Z');

    const open = async () => (await ask('GET', '/orders?strategy=s', { venue: 'XSIF' })).body.orders;
    await eventually(open, (orders) => orders?.length === 0);
    assert.equal(
      (await ask('POST', '/orders', { venue: 'XSIF', body: order({ instrument: 'EUR-USD' }) })).body.code,
      'VenueClosed',
    );
    assert.equal((await ask('GET', '/bars?instrument=EUR-USD&minutes=15', { venue: 'XSIF' })).body.bars?.length, 15);
    now = noon;
  });

  it('under refuse-cancel keeps every order and says why, on one venue alone if so asked', async () => {
    const rests = await ask('POST', '/orders', { body: order() });
    await fetch(`${program.faultUrl}/faults/refuse-cancel?venue=XSIM`, { method: 'POST' });

    const { body } = await ask('DELETE', '/orders?strategy=s');
    assert.deepEqual(body, {
      cancelRequested: 0,
      refused: [{ orderId: rests.body.orderId, reason: 'the venue refuses cancels' }],
    });
    assert.equal((await ask('DELETE', `/orders/${rests.body.orderId}`)).status, 409);
    assert.equal(await resting(), 1);

    await fetch(`${program.faultUrl}/faults/refuse-cancel`, { method: 'DELETE' });
    assert.equal((await ask('DELETE', `/orders/${rests.body.orderId}`)).status, 202);
    await eventually(resting, (count) => count === 0);
  });

  it('under slow-venue takes two seconds for acknowledgements and cancels', async () => {
    await fetch(`${program.faultUrl}/faults/slow-venue`, { method: 'POST' });
    delays.length = 0;

    await ask('POST', '/orders', { body: order() });
    await ask('DELETE', '/orders?strategy=s');

    assert.deepEqual(delays, [2_000, 2_000]);
    await fetch(`${program.faultUrl}/faults/slow-venue`, { method: 'DELETE' });
  });

  it('names its faults, and refuses unknown ones, unknown venues and web pages', async () => {
    const panel = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${program.faultUrl}${path}`, init)).status;
    const { faults } = (await (await fetch(`${program.faultUrl}/faults`)).json()) as { faults: { name: string }[] };
    assert.deepEqual(
      faults.map(({ name }) => name),
      ['slow-venue', 'refuse-cancel', 'silent-venue'],
    );
    assert.equal(await panel('/faults/earthquake', { method: 'POST' }), 404);
    assert.equal(await panel('/faults/slow-venue?venue=XNYS', { method: 'POST' }), 404);
    assert.equal(
      await panel('/faults/slow-venue', { method: 'POST', headers: { origin: 'http://evil.example' } }),
      403,
    );
  });

  it('answers unknown paths, instruments and questions without a strategy with a problem', async () => {
    assert.equal((await ask('GET', '/orders')).body.code, 'InvalidRequest');
    assert.equal((await ask('GET', '/bars?instrument=NOPE')).body.code, 'UnknownInstrument');
    assert.equal((await ask('GET', '/bars?minutes=-1')).body.code, 'InvalidRequest');
    assert.equal((await ask('DELETE', '/orders/none')).status, 404);
    assert.equal((await fetch(`${program.url}/XNYS/v1/status`)).status, 404);
  });
});
