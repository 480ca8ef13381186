import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Trigger } from '../../../domain/communications/trigger.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { updateIncident } from '../../../domain/kill/update-incident.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { killed, logOf } from './kill-at-its-end.ts';

const LATER = '2026-11-24T18:00:00+01:00';
const update = (made: World, eta: string, key = 'key') =>
  updateIncident({ strategyId: STRATEGY, actor: trader.subject, key, request: { eta } }, made.ports);

describe('the expected recovery of a kill', () => {
  it('is told with the kill, from the policy: minutes after the decision, with the bridge', async () => {
    const made = world();
    const step = await killed(made);
    made.pass(30_000);

    await announceKill(step, made.ports);

    const told = toldIn(made, 'kill-switch');
    assert.equal(told[0]?.at, START.toISOString(), 'it happened when it was decided');
    assert.equal(told.length, 5);
    for (const { text } of told)
      assert.match(
        text,
        /Expected recovery: 2026-11-24T14:00:00.000Z. Bridge: <?https:\/\/bridge.example.com\/crypto>?$/,
      );
    assert.equal(stateOf(made).latch?.expectedRecovery, '2026-11-24T14:00:00.000Z');
  });

  it('is changed for one kill, recorded with who and what before, and told to the same people', async () => {
    const made = world();
    await announceKill(await killed(made), made.ports);

    const { reply, receipt } = await update(made, LATER);

    const { entry } = logOf(made).at(-1) ?? assert.fail();
    assert.deepEqual([entry.type, entry.actor, receipt?.index], ['incident.updated', trader.subject, entry.seq]);
    assert.deepEqual(
      [entry.payload['expectedRecovery'], entry.payload['before']],
      ['2026-11-24T17:00:00.000Z', '2026-11-24T14:00:00.000Z'],
    );
    assert.equal(stateOf(made).latch?.expectedRecovery, reply.expectedRecovery);
    const where = (trigger: Trigger) => toldIn(made, trigger).map(({ channel, audience }) => [channel, audience]);
    assert.deepEqual(where('incident-updated'), where('kill-switch'));
    assert.match(toldIn(made, 'incident-updated')[0]?.text ?? '', /expected recovery 2026-11-24T17:00:00.000Z/);
  });

  it('is told anew each time it changes, and once for one command', async () => {
    const made = world();
    await killed(made);
    await update(made, LATER);
    await update(made, LATER);
    made.pass(1_000);

    await update(made, '2026-11-24T19:00:00Z', 'another key');

    assert.equal(messagesIn(made, 'incident-updated').length, 2);
    assert.equal(logOf(made).filter(({ entry }) => entry.type === 'incident.updated').length, 2);
  });

  it('is not lost when the kill is announced after it', async () => {
    const made = world();
    const step = await killed(made);
    await update(made, LATER);

    await announceKill(step, made.ports);

    assert.match(toldIn(made, 'kill-switch')[0]?.text ?? '', /Expected recovery: 2026-11-24T17:00:00.000Z/);
  });

  it('is refused for what is not killed, and for a time that is over; nothing is told then', async () => {
    const made = world();
    await assert.rejects(update(made, LATER), { name: 'StrategyNotKilled' });
    await killed(made);

    await assert.rejects(update(made, START.toISOString()), { name: 'InvalidRequest' });

    assert.deepEqual(messagesIn(made, 'incident-updated'), []);
  });
});
