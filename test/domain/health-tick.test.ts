import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthTick } from '../../domain/health-tick.ts';
import { ActorId, RunId, StrategyId } from '../../domain/ids.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { RUN, risk, START, STRATEGY, stateOf, trader, world } from '../fakes/world.ts';

const latch = {
  runId: RUN,
  initiatedBy: trader.subject,
  initiatorRoles: [],
  reason: 'loss',
  at: START.toISOString(),
};

const recorded = {
  strategyId: StrategyId.parse('btc-momentum'),
  epoch: 3,
  status: 'RUNNING' as const,
  requestedBy: trader.subject,
  startedAt: START.toISOString(),
  request: {},
  summary: 'asked for',
};

describe('healthTick', () => {
  it('starts the machine of a kill that could only latch, once, and notes its time', async () => {
    const made = world();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch });

    assert.equal((await healthTick(made.ports)).summary, '1 machines resumed');
    assert.equal((await healthTick(made.ports)).summary, '0 machines resumed');
    assert.equal((await made.store.get('TICK', 'health'))?.at, START.toISOString());
  });

  it('leaves a kill alone that two people know of, and what is not killed', async () => {
    const made = world();
    const id = StrategyId.parse('killed');
    const confirmed = { ...latch, confirmedBy: ActorId.parse(risk.subject) };
    made.store.strategies.set(id, { ...newStrategy(id), mode: 'KILLED', latch: confirmed });

    assert.equal((await healthTick(made.ports)).summary, '0 machines resumed');
    assert.deepEqual(made.executions.started, []);
  });

  it('starts every recorded kill and stop that has no execution, under its own name, and no launch', async () => {
    const made = world();
    for (const machine of ['kill', 'stop', 'launch'] as const) {
      const record = { ...recorded, id: RunId.parse(`${machine}-1`), machine };
      await made.store.put({ kind: 'RUN', record });
      await made.store.put({
        kind: 'RUN',
        record: { ...record, id: RunId.parse(`${machine}-0`), status: 'SUCCEEDED' },
      });
    }

    const { summary } = await healthTick(made.ports);

    assert.equal(summary, '2 machines resumed');
    assert.deepEqual(
      made.executions.started.map(({ machine, name, input }) => [machine, name, input]).toSorted(),
      ['kill', 'stop'].map((machine) => [
        machine,
        `${machine}-1`,
        { strategyId: 'btc-momentum', runId: `${machine}-1`, epoch: 3 },
      ]),
    );
  });
});
