import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { change, readRegistration } from '../../domain/change.ts';
import { ActorId, StrategyId } from '../../domain/ids.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { STRATEGY, stateOf, type World, world } from '../fakes/world.ts';

const note = (state: Strategy) => ({
  state,
  entries: [{ type: 'note.made', actor: ActorId.parse('sub-1'), payload: {} }],
  reply: 'noted',
});

describe('change', () => {
  let made: World;
  beforeEach(() => {
    made = world();
  });

  it('commits state and entry together, and says where the entry stands', async () => {
    const { receipt, repeated } = await change(STRATEGY, { key: 'k', body: 1 }, note, made.ports);

    assert.deepEqual([receipt?.index, repeated, stateOf(made).ledgerSize], [0, false, 1]);
  });

  it('gives the same reply and receipt to the same key and body, and writes nothing more', async () => {
    const first = await change(STRATEGY, { key: 'k', body: { a: 1, b: 2 } }, note, made.ports);

    const again = await change(
      STRATEGY,
      { key: 'k', body: { b: 2, a: 1 } },
      () => assert.fail('decided twice'),
      made.ports,
    );

    assert.deepEqual(again, { ...first, repeated: true });
    assert.deepEqual(made.store.storyOf(STRATEGY), ['note.made']);
  });

  it('refuses the same key with another body', async () => {
    await change(STRATEGY, { key: 'k', body: 1 }, note, made.ports);

    await assert.rejects(change(STRATEGY, { key: 'k', body: 2 }, note, made.ports), { name: 'IdempotencyKeyReused' });
  });

  it('decides afresh when another writer came first', async () => {
    made.store.losing = 3;

    await change(STRATEGY, { key: 'k', body: 1 }, note, made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['note.made']);
  });

  it('gives up after twelve lost races, with a refusal that says to try again', async () => {
    made.store.losing = 12;

    await assert.rejects(change(STRATEGY, { key: 'k', body: 1 }, note, made.ports), { name: 'Contended' });
  });

  it('lets one of twenty racers win each time, and loses none of them', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        change(STRATEGY, { key: `k${index}`, body: index }, note, {
          ...made.ports,
          jitter: () => new Promise((resolve) => setImmediate(resolve)),
        }).catch((error: Error) => error.name),
      ),
    );

    assert.equal(
      new Set(made.store.logs.get(STRATEGY)?.map(({ receipt }) => receipt.index)).size,
      made.store.storyOf(STRATEGY).length,
    );
  });

  it('writes nothing when the rule has nothing to record, or refuses', async () => {
    await change(STRATEGY, { key: 'k', body: 1 }, (state) => ({ state, entries: [], reply: 'nothing' }), made.ports);
    await assert.rejects(
      change(STRATEGY, { key: 'l', body: 1 }, () => new Refusal('NoGo', 'no', 'mend it'), made.ports),
      { name: 'NoGo' },
    );

    assert.equal(stateOf(made).ledgerSize, 0);
  });

  it('names a strategy that is not there, or not registered', async () => {
    const unknown = StrategyId.parse('nobody');

    await assert.rejects(change(unknown, { key: 'k', body: 1 }, note, made.ports), {
      name: 'UnknownStrategy',
      facts: { strategyId: 'nobody' },
    });
    await assert.rejects(readRegistration(unknown, made.ports), { name: 'UnknownStrategy' });
  });

  it('puts entries that kills left pending first, and none is lost', async () => {
    const latch = {
      runId: 'kill-1',
      initiatedBy: 'sub-2',
      initiatorRoles: [],
      reason: 'loss',
      at: '2026-11-24T12:00:00.000Z',
    };
    await made.store.latchUnconditionally(
      STRATEGY,
      latch as never,
      { type: 'kill.requested', actor: ActorId.parse('sub-2'), payload: {} },
      new Date(),
    );

    const { receipt } = await change(STRATEGY, { key: 'k', body: 1 }, note, made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested', 'note.made']);
    assert.deepEqual([receipt?.index, stateOf(made).pendingEntries], [1, []]);
  });
});
