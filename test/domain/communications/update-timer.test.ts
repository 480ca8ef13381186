import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { remindOfUpdates, updateDue } from '../../../domain/communications/update-timer.ts';
import { Run } from '../../../domain/control-record.ts';
import { RunId } from '../../../domain/ids.ts';
import { updateIncident } from '../../../domain/kill/update-incident.ts';
import type { Latch } from '../../../domain/strategy.ts';
import { REGISTRATION, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const KILL = RunId.parse('kill-btc-momentum-20261124-0123456789ab');
const latch: Latch = {
  ...{ runId: KILL, initiatedBy: trader.subject, initiatorRoles: [], reason: 'loss' },
  ...{ at: START.toISOString(), expectedRecovery: '2026-11-24T14:00:00.000Z' },
};
const MINUTE = 60_000;
const after = (minutes: number, ms = 0) => new Date(START.getTime() + minutes * MINUTE + ms);

const killed = () => {
  const made = world();
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch });
  return made;
};
const remind = (made: World) => remindOfUpdates([stateOf(made)], made.ports);
const reminders = async ({ store }: World) =>
  (await store.all('MESSAGE')).filter(({ trigger }) => trigger === 'incident-update-due');

describe('updateDue', () => {
  it('is due each half hour from the kill on, and from the last update on once there is one', () => {
    assert.equal(updateDue(latch, after(30, -1)), undefined);
    assert.deepEqual(updateDue(latch, after(30)), { count: 1, dueAt: after(30) });
    assert.deepEqual(updateDue(latch, after(95)), { count: 3, dueAt: after(90) });
    const updated = { ...latch, updatedAt: after(20).toISOString() };
    assert.equal(updateDue(updated, after(50, -1)), undefined);
    assert.deepEqual(updateDue(updated, after(50)), { count: 1, dueAt: after(50) });
  });

  it('is not due before the kill, whatever a clock says', () => {
    assert.equal(updateDue(latch, after(-600)), undefined);
  });
});

describe('remindOfUpdates', () => {
  it('reminds once for each half hour, with what was told last and where people meet', async () => {
    const made = killed();
    for (let minute = 0; minute <= 61; minute += 1) {
      await remind(made);
      made.pass(MINUTE);
    }

    const told = await reminders(made);
    assert.deepEqual(
      told.map(({ at, detectedAt, runId, facts }) => [at, detectedAt, runId, facts['reason'], facts['bridgeUrl']]),
      [after(60), after(30)].map((due) => [
        ...[due.toISOString(), due.toISOString(), KILL, 'loss'],
        REGISTRATION.policy.bridgeUrl,
      ]),
    );
    assert.equal(told[0]?.facts['expectedRecovery'], latch.expectedRecovery);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['incident.update-due', 'incident.update-due']);
  });

  it('reminds once when it comes late, and says when it was due and when it knew', async () => {
    const made = killed();
    made.pass(100 * MINUTE);

    assert.deepEqual([await remind(made), await remind(made)], [1, 0]);

    const [late, ...more] = await reminders(made);
    assert.deepEqual([late?.at, late?.detectedAt, more], [after(90).toISOString(), after(100).toISOString(), []]);
  });

  it('begins anew with each update', async () => {
    const made = killed();
    made.pass(29 * MINUTE);
    const request = { eta: after(300).toISOString() };
    await updateIncident({ strategyId: STRATEGY, actor: trader.subject, key: 'update', request }, made.ports);
    made.pass(29 * MINUTE);
    assert.equal(await remind(made), 0);
    made.pass(MINUTE);

    assert.equal(await remind(made), 1);

    assert.equal((await reminders(made))[0]?.facts['expectedRecovery'], request.eta);
  });

  it('says nothing of a drill', async () => {
    const made = killed();
    const run = {
      id: KILL,
      machine: 'kill',
      strategyId: STRATEGY,
      epoch: 1,
      status: 'RUNNING',
      requestedBy: trader.subject,
    };
    const record = Run.parse({ ...run, startedAt: START.toISOString(), request: {}, summary: 'a drill' });
    const drill = { id: KILL, strategyId: STRATEGY, openedBy: trader.subject, at: START.toISOString() };
    const venues = [{ id: 'XSIM', url: 'http://127.0.0.1:1/XSIM', kind: 'simulated' as const }];
    await made.store.put({ kind: 'RUN', record });
    await made.store.put({ kind: 'DRILL', record: { ...drill, expiresAt: after(5).toISOString() } });
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, venues } });
    made.pass(31 * MINUTE);

    assert.deepEqual([await remind(made), await reminders(made)], [0, []]);
  });

  it('says nothing where people were told while it looked, and of what is not killed', async () => {
    const made = killed();
    made.pass(31 * MINUTE);
    const seen = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...seen, latch: { ...latch, updatedAt: after(30).toISOString() } });
    assert.equal(await remindOfUpdates([seen], made.ports), 0);
    const { latch: _lifted, ...lifted } = seen;
    made.store.strategies.set(STRATEGY, lifted);
    assert.deepEqual([await remindOfUpdates([seen], made.ports), await remind(made)], [0, 0]);

    assert.deepEqual(await reminders(made), []);
  });
});
