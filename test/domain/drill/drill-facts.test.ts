import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deliveryOn } from '../../../domain/communications/deliveries-of.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { viewDrill } from '../../../domain/drill/view-drill.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { shippedMatrix } from '../../fakes/shipped-matrix.ts';
import { messagesIn } from '../../fakes/told.ts';
import { START, type World } from '../../fakes/world.ts';
import { drilled, opened, simulated } from './drilled.ts';

const after = (ms: number) => new Date(START.getTime() + ms).toISOString();

/** A drill whose kill is announced, two seconds after it was decided. */
async function announced(): Promise<World & { run: string }> {
  const made = simulated();
  const step = await drilled(made, await opened(made));
  made.pass(2_000);
  await announceKill(step, made.ports);
  return { ...made, run: step.runId };
}

/** What the courier knows of its notice on one channel. */
function carried(made: World, channel: string, changes: Partial<Delivery>): void {
  const [message] = messagesIn(made, 'kill-switch');
  const delivery = (message && deliveryOn(channel, message, shippedMatrix())) ?? assert.fail(channel);
  made.store.records.set(`DELIVERY#${delivery.id}`, { kind: 'DELIVERY', record: { ...delivery, ...changes } });
}

const notified = async (made: World & { run: string }) => {
  const { ms, says } =
    (await viewDrill(made.run, made.ports)).score.phases.find(({ phase }) => phase === 'notified') ?? assert.fail();
  return [ms, says];
};

describe('the notices of a drill', () => {
  it('count from when they stood in the outbox while no provider has said yes, and no pager is among them', async () => {
    const made = await announced();

    assert.deepEqual(await notified(made), [
      2_000,
      '0 of 3 notices are acknowledged by their providers; written, and not yet acknowledged: #incidents, #trading-ops, #risk',
    ]);
  });

  it('count until the last provider has acknowledged its own', async () => {
    const made = await announced();
    carried(made, '#incidents', { status: 'acknowledged', acknowledgedAt: after(2_400) });
    carried(made, '#trading-ops', { status: 'acknowledged', acknowledgedAt: after(3_100) });
    carried(made, '#risk', { status: 'acknowledged', acknowledgedAt: after(2_500) });

    assert.deepEqual(await notified(made), [3_100, '3 of 3 notices are acknowledged by their providers']);
  });

  it('count where another channel took over, and have failed where none did', async () => {
    const made = await announced();
    for (const channel of ['#incidents', '#trading-ops'])
      carried(made, channel, { status: 'acknowledged', acknowledgedAt: after(2_100) });
    carried(made, '#risk', { status: 'failed', escalatedTo: 'on-call mail' });
    carried(made, 'on-call mail', { status: 'acknowledged', acknowledgedAt: after(4_000) });
    assert.deepEqual(await notified(made), [4_000, '3 of 3 notices are acknowledged by their providers']);

    carried(made, 'on-call mail', { status: 'failed' });

    assert.deepEqual(await notified(made), [null, 'no notice yet for on-call mail']);
  });

  it('are none while the kill is not announced, or nobody has said who is to be told', async () => {
    const made = await announced();
    made.store.records.delete('MATRIX#communications');
    assert.deepEqual(await notified(made), [null, 'nobody is to be told']);

    const silent = simulated();
    const { runId } = await drilled(silent, await opened(silent));
    assert.deepEqual(await notified({ ...silent, run: runId }), [null, 'nobody is to be told']);
  });
});
