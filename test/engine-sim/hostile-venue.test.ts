import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import type { Program } from '../../engine-sim/program/run-program.ts';
import { startVenues } from '../../engine-sim/venue/start-venues.ts';
import { VenueConfig } from '../../engine-sim/venue/venue-config.ts';

const Reply = z.looseObject({
  ...{ code: z.string().optional(), detail: z.string().optional() },
  orders: z.array(z.unknown()).optional(),
});
const key = 'trading-key';

describe("the venue's port", () => {
  let program: Program;
  let latency: () => Promise<void> = async () => undefined;
  const logged: unknown[] = [];
  before(async () => {
    const config = VenueConfig.parse({
      port: 0,
      venues: [{ id: 'XSIM', tradingKeys: [key], controlKeys: ['control-key'] }],
    });
    const log = (event: string, facts: object = {}) => void logged.push({ event, ...facts });
    program = await startVenues(config, { now: () => Date.now(), newId: randomUUID, after: () => latency(), log });
  });
  after(() => program.close());
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${key}`, ...init.headers };
    const reply = await fetch(`${program.url}${path}`, { ...init, headers });
    return { status: reply.status, ...Reply.parse(await reply.json()) };
  };
  const order = (body: string | Uint8Array, headers = {}) =>
    ask('/XSIM/v1/orders', { method: 'POST', body: Buffer.from(body), headers });
  const good = { clientOrderId: 'c', strategyId: 's', instrument: 'BTC-USD', side: 'buy', quantity: 1, price: 1 };

  it('takes its keys in the Authorization header only, and says no more to others', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer ', `Basic ${key}`, `Bearer ${key}x`, key])
      assert.equal((await ask('/XSIM/v1/orders?strategy=s', { headers: { authorization } })).code, 'KeyUnknown');
    assert.equal((await ask(`/XSIM/v1/orders?strategy=s&key=${key}`, { headers: { authorization: '' } })).status, 401);
    assert.equal(
      (await ask('/XSIM/v1/orders?strategy=s', { headers: { authorization: `bearer ${key}` } })).status,
      200,
    );
  });

  it('takes no order that is none, too large, or in another form, and rests nothing of it', async () => {
    for (const body of ['', 'null', '[]', '<order/>', '{"side":"buy"', '{"__proto__":{}}', Buffer.from([0xff, 0xfe])])
      assert.equal((await order(body, { 'content-type': 'text/plain' })).code, 'InvalidRequest');
    for (const more of [
      { quantity: 0 },
      { quantity: -1 },
      { price: '1' },
      { side: 'hold' },
      { extra: 1 },
      { strategyId: '' },
    ])
      assert.equal((await order(JSON.stringify({ ...good, ...more }))).code, 'InvalidRequest');
    assert.equal((await order(Buffer.alloc(1_048_577, 32))).code, 'BodyTooLarge');

    const { orders } = await ask('/XSIM/v1/orders?strategy=s');
    assert.deepEqual(orders, []);
  });

  it('cancels what rests for a strategy, nothing of another, and nothing at all when none is named', async () => {
    await order(JSON.stringify({ ...good, clientOrderId: 'rests' }));

    assert.equal((await ask('/XSIM/v1/orders', { method: 'DELETE' })).code, 'InvalidRequest');
    assert.deepEqual(await ask('/XSIM/v1/orders?strategy=other', { method: 'DELETE' }), {
      status: 202,
      cancelRequested: 0,
      refused: [],
    });
    assert.deepEqual(await ask('/XSIM/v1/orders?strategy=s', { method: 'DELETE' }), {
      status: 202,
      cancelRequested: 1,
      refused: [],
    });
  });

  it('answers a fault of its own with a problem that tells nothing, logs the reason, and goes on', async () => {
    latency = () => Promise.reject(new Error('the matching engine is on fire'));

    const { status, code, detail } = await order(JSON.stringify({ ...good, clientOrderId: 'unlucky' }));

    latency = async () => undefined;
    assert.deepEqual([status, code, detail], [500, 'Fault', 'the venue failed']);
    assert.deepEqual(logged, [{ event: 'fault', detail: 'the matching engine is on fire' }]);
    assert.equal((await ask('/XSIM/v1/status')).status, 200);
  });

  it('lists faults at their own port, which keeps no name that it does not know', async () => {
    const panel = async (method: string, path: string) =>
      (await fetch(`${program.faultUrl}${path}`, { method })).status;

    assert.equal(await panel('POST', '/faults/constructor'), 404);
    assert.equal(await panel('DELETE', '/faults/%2e%2e'), 404);
    assert.equal(await panel('POST', '/faults'), 404);
    assert.equal((await fetch(`${program.url}/faults`)).status, 404);
  });
});
