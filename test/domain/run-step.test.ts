import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runStep } from '../../domain/run-step.ts';
import { launching } from '../fakes/world.ts';

describe('runStep', () => {
  it('names the ledger entry that carries its result, and none when there was nothing to record', async () => {
    const { ports, step, store } = await launching();
    const reply = { summary: 'nothing', verdict: 'nothing-to-do' as const };
    const size = store.storyOf(step.strategyId).length;

    const result = await runStep(step, 'DoNothing', (state) => ({ state, entries: [], reply }), ports);

    assert.deepEqual([result, store.storyOf(step.strategyId).length], [reply, size]);
  });
});
