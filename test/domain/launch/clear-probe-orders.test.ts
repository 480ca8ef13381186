import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { clearProbeOrders } from '../../../domain/launch/clear-probe-orders.ts';
import { rehearsal } from '../../fakes/rehearsal.ts';
import { STRATEGY, stateOf } from '../../fakes/world.ts';

describe('clearProbeOrders', () => {
  it('cancels what a rehearsal that died left resting, and records it', async () => {
    const here = await rehearsal();
    here.venues.book = [{ orderId: 'p-1', venue: 'XSIM', instanceId: 'btc-momentum-1' }];

    const { summary } = await clearProbeOrders(here.step, here.ports);

    assert.deepEqual([summary, here.venues.book], ['XSIM: nothing rests; 1 were cancelled', []]);
    assert.equal(here.store.storyOf(STRATEGY).at(-1), 'kill-path.cleared');
  });

  it('leaves alone the orders of another run that has taken the strategy over and trades', async () => {
    const here = await rehearsal();
    here.venues.book = [{ orderId: 'p-1', venue: 'XSIM', instanceId: 'btc-momentum-1' }];
    const run = { id: RunId.parse('launch-second') };
    here.store.strategies.set(STRATEGY, { ...stateOf(here), run, mode: 'ACTIVE' });

    const { verdict } = await clearProbeOrders(here.step, here.ports);

    assert.deepEqual([verdict, here.venues.book.length], ['nothing-to-do', 1]);
    here.store.strategies.set(STRATEGY, { ...stateOf(here), mode: 'LAUNCHING' });
    assert.equal(
      (await clearProbeOrders(here.step, here.ports)).verdict,
      'done',
      'which has put out none of its own yet',
    );
  });

  it('is tried again while anything rests, or a venue does not answer', async () => {
    const here = await rehearsal({ refusesCancels: true });
    here.venues.book = [{ orderId: 'p-1', venue: 'XSIM', instanceId: 'btc-momentum-1' }];
    await assert.rejects(clearProbeOrders(here.step, here.ports), { name: 'OrdersResting' });

    here.venues.unreachable.add('XSIM');

    await assert.rejects(clearProbeOrders(here.step, here.ports), { name: 'OrdersResting', message: /did not answer/ });
  });
});
