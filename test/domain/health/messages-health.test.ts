import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { readHealth } from '../../../domain/health/read-health.ts';
import { deliveryOf, messageOf } from '../../fakes/courier-world.ts';
import { START, type World, world } from '../../fakes/world.ts';

const MINUTE = 60_000;
const sent: Partial<Delivery> = { status: 'acknowledged', sentAt: new Date(START.getTime() + 300).toISOString() };
const keep = (made: World, id: string, more: Partial<Delivery>) =>
  made.store.put({ kind: 'DELIVERY', record: { ...deliveryOf('kill-switch', '#ops'), id, ...more } });
const judged = async ({ ports }: World) => {
  const { checks, alertBudget } = await readHealth(ports);
  assert.ok(alertBudget);
  return { ...checks.find(({ check }) => check === 'messages'), alertBudget };
};

describe('how people are told, in the health of the control plane', () => {
  it('is fine when nothing waits and nothing failed, and says how fast alerts were sent', async () => {
    const made = world();
    await keep(made, 'a', sent);

    const { status, detail, alertBudget } = await judged(made);

    assert.deepEqual([status, detail], ['ok', 'none waits']);
    assert.deepEqual([alertBudget.fromEvent?.p99Ms, alertBudget.shareInTime], [300, 1]);
  });

  it('is bad while a message waits for longer than two sweeps', async () => {
    const made = world();
    await made.store.put({ kind: 'MESSAGE', record: messageOf('kill-switch') });
    await made.store.put({ kind: 'MESSAGE', record: messageOf('launch-start') });
    made.pass(2 * MINUTE);
    assert.equal((await judged(made)).status, 'ok');
    made.pass(1_000);

    const { status, detail } = await judged(made);

    assert.deepEqual([status, detail], ['bad', '2 wait, the oldest for 121 s']);
  });

  it('names what failed within the hour, but for tests of channels, and forgets it after', async () => {
    const made = world();
    for (const id of ['a', 'b']) await keep(made, id, { status: 'failed' });
    await keep(made, 'c', { status: 'failed', trigger: 'channel-test' });

    const { status, detail } = await judged(made);

    assert.deepEqual([status, detail], ['bad', '2 failed within the hour (kill-switch on #ops); none waits']);
    made.pass(61 * MINUTE);
    assert.equal((await judged(made)).status, 'ok');
    made.pass(24 * 60 * MINUTE);
    assert.equal((await judged(made)).alertBudget.deliveries, 0);
  });
});
