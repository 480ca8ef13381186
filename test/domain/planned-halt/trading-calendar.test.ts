import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { openStop } from '../../../domain/stop/open-stop.ts';
import { recordStop } from '../../../domain/stop/record-stop.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { RUN, risk, START, STRATEGY, stateOf, type World, world } from '../../fakes/world.ts';
import { LATCH, STOP } from '../stop/a-stop.ts';
import { cancelled, halts, LONDON, live, planned, statuses } from './a-calendar.ts';

describe('the trading calendar', () => {
  it('shows a plain stop as a halt of its own, under way', async () => {
    const made = world();
    live(made);
    await begun(made);

    await openStop({ strategyId: STRATEGY, runId: STOP, epoch: 5 }, made.ports);

    const [halt] = await halts(made);
    assert.deepEqual(
      [halt?.status, halt?.run, halt?.at, halt?.reason],
      ['under-way', STOP, START.toISOString(), 'now'],
    );
  });

  it('shows a plain stop that came sooner than planned as the planned one, begun sooner', async () => {
    const made = world();
    live(made);
    await planned(made);
    await begun(made);

    await openStop({ strategyId: STRATEGY, runId: STOP, epoch: 5 }, made.ports);

    const [halt, ...more] = await halts(made);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [halt?.status, halt?.run, halt?.begunAt, halt?.at],
      ['under-way', STOP, START.toISOString(), '2026-11-24T16:35:00.000Z'],
    );
  });

  it('gives whatever is planned or under way to a kill', async () => {
    const made = world();
    live(made);
    await planned(made);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch: LATCH });

    await freezeLaunches({ strategyId: STRATEGY, runId: RUN, epoch: 5 }, made.ports);

    const [halt] = await halts(made);
    assert.deepEqual([halt?.status, halt?.outcome], ['taken-over', `taken over by ${RUN}`]);
  });

  it('ends the halt of the stop that is over, or of the kill, and touches no other', async () => {
    const made = world();
    live(made);
    const { reply } = await planned(made);
    await cancelled(made, reply.halt.id);
    await begun(made);
    const step = { strategyId: STRATEGY, runId: STOP, epoch: 5 };
    await openStop(step, made.ports);

    await recordStop(step, made.ports);

    assert.deepEqual(await statuses(made), ['cancelled', 'done']);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch: LATCH });
    await freezeLaunches({ strategyId: STRATEGY, runId: RUN, epoch: 5 }, made.ports);
    assert.deepEqual(await statuses(made), ['cancelled', 'done']);
  });

  it('keeps the last twenty that are over', async () => {
    const made = world();
    live(made);
    for (let number = 0; number < 25; number += 1) {
      const { reply } = await planned(made, LONDON, `plan-${number}`);
      await cancelled(made, reply.halt.id, `cancel-${number}`);
    }
    await planned(made, LONDON, 'last');

    const kept = await statuses(made);

    assert.deepEqual([kept.length, kept.at(-1)], [21, 'scheduled']);
  });
});

/** Somebody asks for a stop at once. */
async function begun(made: World): Promise<void> {
  const calendar = await made.store.get('PLANNEDHALT', STRATEGY);
  const command = { caller: risk, runId: STOP, request: { reason: 'now' }, under: undefined, calendar, now: START };
  await made.store.commit(stateOf(made), requestStop(stateOf(made), command), START);
}
