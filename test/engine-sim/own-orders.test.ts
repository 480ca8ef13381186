import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownOrders } from '../../engine-sim/engine/own-orders.ts';
import { isForeignProbe, isProbeOrder, probeOrderId } from '../../engine-sim/engine/probe-rules.ts';

const listed = (clientOrderId: string) => ({
  ...{ orderId: `at-${clientOrderId}`, clientOrderId, venue: 'X', instrument: 'I', side: 'buy' as const },
  ...{ quantity: 1, price: 75, submittedAt: '2026-11-24T12:00:00.000Z' },
});
const account = { positions: [], realised: 0, cash: 0 };

describe('the orders that an instance answers for', () => {
  it('are those of its strategy at the venue, and its own probe, but never the probe of another instance', () => {
    const orders = ownOrders((id) => isForeignProbe(id, 'i-1'));
    const [own, other, longer] = ['i-1', 'i-10', 'i-1-a'].map((id) => probeOrderId(id, 'a'.repeat(64)));

    orders.reconcile(
      { listed: [own, other, longer, 'any'].map((id) => listed(String(id))), account, askedAt: 0 },
      false,
    );

    assert.deepEqual(
      orders.all().map(({ clientOrderId }) => clientOrderId),
      [own, 'any'],
    );
    assert.deepEqual(
      [own, other, 'any'].map((id) => isProbeOrder(String(id))),
      [true, true, false],
    );
  });
});
