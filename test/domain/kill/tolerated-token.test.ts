import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { killScope } from '../../../domain/kill/kill-scope.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { REGISTRATION, STRATEGY, trader, type World, world } from '../../fakes/world.ts';

const caller = { ...trader, aheadMs: 600_000 };
const payloadOf = ({ store }: World, log: string) =>
  (JSON.parse(store.logs.get(log)?.[0]?.text ?? '{}') as { payload: Record<string, unknown> }).payload;

describe('a kill with a token that by our clock is still to come', () => {
  it('is recorded with how far, for a strategy and for a scope', async () => {
    const [one, all] = [world(), world()];
    const scoped = { ...all.ports, ...killPorts(all), registrations: async () => [REGISTRATION] };

    await executeKill({ caller, strategyId: STRATEGY, reason: 'loss', commandId: 'k' }, killPorts(one));
    await killScope({ caller, scope: 'all', commandId: 'k' }, scoped);

    for (const payload of [payloadOf(one, STRATEGY), payloadOf(all, STRATEGY), payloadOf(all, 'desk')])
      assert.equal(payload['tokenAheadMs'], 600_000);
  });

  it('is recorded with how far when it waited in the spool', async () => {
    const made = world();
    made.store.read = () => Promise.reject(new Error('down'));
    made.store.latchUnconditionally = () => Promise.reject(new Error('down'));

    await executeKill({ caller, strategyId: STRATEGY, reason: 'loss', commandId: 'k' }, killPorts(made));

    assert.equal((await made.spool.read(STRATEGY, 0))?.aheadMs, 600_000);
  });
});
