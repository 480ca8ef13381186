import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthTick } from '../../domain/health-tick.ts';
import { ActorId, StrategyId } from '../../domain/ids.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { RUN, risk, START, trader, world } from '../fakes/world.ts';

const latch = {
  runId: RUN,
  initiatedBy: trader.subject,
  initiatorRoles: [],
  reason: 'loss',
  at: START.toISOString(),
};

describe('healthTick', () => {
  it('leaves a kill alone that two people know of, and what is not killed', async () => {
    const made = world();
    const id = StrategyId.parse('killed');
    const confirmed = { ...latch, confirmedBy: ActorId.parse(risk.subject) };
    made.store.strategies.set(id, { ...newStrategy(id), mode: 'KILLED', latch: confirmed });

    assert.equal((await healthTick(made.ports)).summary, '0 kills resumed');
    assert.deepEqual(made.executions.started, []);
  });
});
