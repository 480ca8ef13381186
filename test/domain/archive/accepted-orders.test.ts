import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptedOrders } from '../../../domain/archive/accepted-orders-file.ts';
import { AcceptedOrder } from '../../../domain/engine/accepted-order.ts';
import { STRATEGY, world } from '../../fakes/world.ts';

describe('acceptedOrders', () => {
  const order = (orderId: string, submittedAt: string) =>
    AcceptedOrder.parse({
      ...{ orderId, venue: 'XSIM', instrument: 'BTC-PERP', side: 'buy', quantity: 1, price: 1, submittedAt },
      ...{ outcome: 'filled', endedAt: submittedAt, filledPrice: 1 },
    });
  const between = { strategyId: STRATEGY, since: '2026-11-24T12:00:00.000Z', until: '2026-11-24T13:00:00.000Z' };

  it('come page by page, oldest first, of the run alone', async () => {
    const made = world();
    made.venues.accepted = ['12:03', '12:01', '12:01', '12:02', '13:00', '11:59'].map((time, at) =>
      order(`o-${at}`, `2026-11-24T${time}:00.000Z`),
    );

    const { lines, told } = await acceptedOrders(between, made.ports);

    assert.deepEqual(
      lines.map((line) => JSON.parse(line).orderId),
      ['o-1', 'o-2', 'o-3', 'o-0'],
    );
    assert.deepEqual(told.venues, [{ venue: 'XSIM', orders: 4 }]);
  });

  it('say when the venue kept fewer than there were, and when it did not answer', async () => {
    const [less, silent] = [world(), world()];
    less.venues.keptSince = '2026-11-24T12:30:00.000Z';
    silent.venues.unreachable.add('XSIM');

    const told = await Promise.all(
      [less, silent].map(async ({ ports }) => (await acceptedOrders(between, ports)).told),
    );

    assert.deepEqual(
      told.map(({ venues: [venue] }) => venue?.less),
      ['it keeps none from before 2026-11-24T12:30:00.000Z', 'XSIM did not answer'],
    );
  });

  it('are all of them when the venue dropped only what came before the run', async () => {
    const made = world();
    made.venues.keptSince = between.since;

    assert.equal((await acceptedOrders(between, made.ports)).told.venues[0]?.less, undefined);
  });

  it('end after two hundred pages of a venue that never ends, and say so', async () => {
    const made = world();
    made.venues.acceptedOrders = async () => ({ orders: [order('o', between.since)], next: 'on' });

    const { lines, told } = await acceptedOrders(between, made.ports);

    assert.deepEqual([lines.length, told.venues[0]?.less], [200, 'it has more than 200']);
  });
});
