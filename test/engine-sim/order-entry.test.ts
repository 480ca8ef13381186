import assert from 'node:assert/strict';
import { it } from 'node:test';
import { halt } from '../../engine-sim/engine/command-rules.ts';
import { FRESH } from '../../engine-sim/engine/engine-state.ts';
import { instanceCore } from '../../engine-sim/engine/instance-core.ts';
import { takeLease } from '../../engine-sim/engine/lease-rules.ts';
import { orderEntry } from '../../engine-sim/engine/order-entry.ts';
import { roundTrips } from '../../engine-sim/engine/round-trips.ts';
import { venueClient } from '../../engine-sim/engine/venue-client.ts';

it('an order that was under way at the halt is cancelled as soon as the venue says that it rests', {
  timeout: 5_000,
}, async () => {
  const store = { read: () => ({ ...FRESH, armedEpoch: 0, armedRate: 9 }), write: async () => undefined };
  const core = instanceCore('i', store, { elapsed: () => 10, wall: () => 0 }, () => undefined);
  const terms = { mode: 'ACTIVE', maxOrdersPerSec: 9, epoch: 0, expiresInMs: 5_000 };
  await core.apply((state, now) => takeLease(state, { elapsed: 5, wall: 0 }, terms, now));
  const acknowledgement = Promise.withResolvers<{ orderId: string; status: 'resting' }>();
  const cancelled = Promise.withResolvers<string>();
  const venue = {
    ...venueClient({ url: 'http://127.0.0.1:1', key: 'none' }, 's'),
    submit: () => acknowledgement.promise,
    cancel: async (orderId: string) => cancelled.resolve(orderId),
  };
  const ports = { core, venue, trips: roundTrips(), newId: () => 'mine', acksLost: () => false };
  const entry = orderEntry({ instanceId: 'i', ...ports, thawed: async () => undefined });
  entry.send({ instrument: 'BTC-USD', side: 'buy', quantity: 1, price: 1 });
  assert.equal(core.inForce().mode, 'ACTIVE');

  await core.apply((state, now) => halt(state, { epoch: 0, reason: 'loss' }, now));
  acknowledgement.resolve({ orderId: 'late', status: 'resting' });

  assert.equal(await cancelled.promise, 'late');
});
