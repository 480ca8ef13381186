import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthView } from '../../api/views/health-view.ts';
import { RUN, START, STRATEGY, trader } from '../fakes/world.ts';
import { apiWorld } from './api-world.ts';

describe('the health of the control plane', () => {
  const spoolOf = async ({ ports }: ReturnType<typeof apiWorld>) =>
    (await healthView(ports)).checks.find(({ check }) => check === 'kill spool');

  it('says of which strategy a kill waits for the store, and is degraded until it is taken in', async () => {
    const made = apiWorld();
    assert.deepEqual(await spoolOf(made), { check: 'kill spool', status: 'ok', detail: 'empty' });
    const kill = { runId: RUN, actor: trader.subject, roles: [], reason: 'loss', decidedAt: START.toISOString() };
    await made.spool.put(STRATEGY, kill);

    assert.deepEqual(await spoolOf(made), {
      check: 'kill spool',
      status: 'degraded',
      detail: 'a kill of btc-momentum waits for the store',
    });
    assert.equal((await healthView(made.ports)).status, 'degraded');
  });
});
