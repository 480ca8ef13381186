import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { beginDueHalts } from '../../../domain/planned-halt/begin-due-halts.ts';
import { runOfHalt } from '../../../domain/planned-halt/halt-run.ts';
import { isSchedule, readSchedule } from '../../../domain/planned-halt/schedule-halt.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { RUN, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { LATCH } from '../stop/a-stop.ts';
import { cancelled, halts, LONDON, live, planned, statuses, told } from './a-calendar.ts';

describe('scheduleHalt', () => {
  let made: World;
  beforeEach(() => {
    made = world();
    live(made);
  });

  it('puts the next such time into the calendar, in the ledger and announced, and stops nothing', async () => {
    const { reply } = await planned(made, { ...LONDON, reason: 'end\u0000of day', ticket: 'OPS-1' });

    const [halt, ...more] = await halts(made);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [halt?.at, halt?.status, halt?.asked, halt?.reason, halt?.ticket, halt?.by],
      [
        '2026-11-24T16:35:00.000Z',
        'scheduled',
        '2026-11-24 16:35 Europe/London',
        'end of day',
        'OPS-1',
        trader.subject,
      ],
    );
    assert.match(
      reply.summary,
      /btc-momentum stops at 2026-11-24T16:35:00.000Z \(2026-11-24 16:35 Europe\/London\) as halt-/,
    );
    assert.deepEqual([made.store.storyOf(STRATEGY), told(made)], [['halt.scheduled'], ['halt-scheduled']]);
    assert.equal(stateOf(made).mode, 'ACTIVE');
  });

  it('says which moment it took where the clocks show a time twice', async () => {
    made.clock.now = new Date('2026-10-24T12:00:00Z');

    const { reply } = await planned(made, { at: '01:30', timeZone: 'Europe/London' });

    assert.deepEqual(
      [reply.halt.at, reply.note],
      ['2026-10-25T00:30:00.000Z', 'clocks show 01:30 twice on 2026-10-25: the first of the two is taken'],
    );
  });

  it('gives the same reply to the same command, and plans nothing twice', async () => {
    const first = await planned(made);

    const again = await planned(made);

    assert.deepEqual([again.repeated, again.reply, (await halts(made)).length], [true, first.reply, 1]);
  });

  it('is possible for what is off now: it may be launched before', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'OFF', run: undefined });

    assert.match((await planned(made)).reply.summary, /stops at/);
  });

  it('refuses a second one, and names the first', async () => {
    const { reply } = await planned(made);

    await assert.rejects(planned(made, { ...LONDON, at: '17:00' }, 'key-2'), {
      name: 'HaltScheduled',
      next: `cancel ${reply.halt.id} first`,
    });
  });

  it('refuses what is killed, and what is over or too far ahead', async () => {
    await assert.rejects(planned(made, { ...LONDON, on: '2026-11-23' }), {
      name: 'InvalidRequest',
      message: /^on: .*is over$/,
    });
    await assert.rejects(planned(made, { ...LONDON, on: '2026-12-02' }), { message: /more than 7 days ahead/ });
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch: LATCH });
    await assert.rejects(planned(made), { name: 'StrategyKilled' });
  });
});

describe('a body of a stop', () => {
  it('is a schedule as soon as it names a time, a zone or a date, and a stop at once otherwise', () => {
    for (const body of [LONDON, { at: 7 }, { timeZone: '' }, { on: 'tomorrow' }, { at: '16:35' }])
      assert.equal(isSchedule(body), true, JSON.stringify(body));
    for (const body of [undefined, null, 7, 'at', [], {}, { reason: 'x' }, { at: null, timeZone: null }])
      assert.equal(isSchedule(body), false, JSON.stringify(body));
  });

  it('that is a malformed schedule is refused with every field that is wrong', () => {
    const wrong = (body: object, ...fields: string[]) =>
      assert.throws(
        () => readSchedule(body),
        (error: unknown) => {
          assert.ok(error instanceof Refusal);
          assert.deepEqual([error.code, error.facts['fields']], ['InvalidRequest', fields]);
          return /^nothing is scheduled, and nothing stopped: /.test(error.message);
        },
        JSON.stringify(body),
      );

    wrong({ at: '16:35' }, 'timeZone');
    wrong({ timeZone: 'Europe/London' }, 'at');
    wrong({ at: '25:00', timeZone: '+01:00' }, 'at', 'timeZone');
    wrong({ at: '4 pm', timeZone: 'Europe/Londn', on: '2026-02-30' }, 'at', 'timeZone', 'on');
    wrong({ ...LONDON, ticket: 'x'.repeat(65) }, 'ticket');
    assert.deepEqual(readSchedule({ ...LONDON, on: null, reason: 7 }), { ...LONDON, reason: undefined });
  });
});

describe('cancelHalt', () => {
  let made: World;
  beforeEach(async () => {
    made = world();
    live(made);
    await planned(made, { ...LONDON, ticket: 'OPS-1' });
  });

  it('takes it out of the calendar, in the ledger and announced, and then another one can be planned', async () => {
    const [halt] = await halts(made);

    const { reply } = await cancelled(made, String(halt?.id));

    assert.match(reply.summary, /does not stop at 2026-11-24T16:35:00.000Z any more/);
    assert.deepEqual(await statuses(made), ['cancelled']);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['halt.scheduled', 'halt.cancelled']);
    assert.deepEqual(told(made), ['halt-cancelled', 'halt-scheduled']);
    await planned(made, { ...LONDON, at: '17:00' }, 'key-2');
    assert.deepEqual(await statuses(made), ['cancelled', 'scheduled']);
  });

  it('refuses what has begun or is over, and says what to do', async () => {
    const [halt] = await halts(made);
    made.clock.now = new Date('2026-11-24T16:35:00Z');
    await beginDueHalts(made.ports);

    await assert.rejects(cancelled(made, String(halt?.id)), {
      name: 'HaltNotScheduled',
      message: new RegExp(`is under-way as ${runOfHalt(STRATEGY, { id: String(halt?.id), at: String(halt?.at) })}$`),
      next: /goes through to its end/,
    });
  });

  it('refuses a second cancellation, and a halt that the strategy does not have', async () => {
    const [halt] = await halts(made);
    await cancelled(made, String(halt?.id));

    await assert.rejects(cancelled(made, String(halt?.id), 'cancel-2'), { name: 'HaltNotScheduled', next: /nothing/ });
    await assert.rejects(cancelled(made, 'halt-ffffffffffff', 'cancel-3'), { name: 'NotFound' });
    await assert.rejects(cancelled(world(), 'halt-ffffffffffff'), { name: 'NotFound' });
  });
});

describe('the sweep', () => {
  let made: World;
  beforeEach(async () => {
    made = world();
    live(made);
    await planned(made, { ...LONDON, reason: 'end of day', ticket: 'OPS-1' });
  });
  const at = (time: string) => {
    made.clock.now = new Date(`2026-11-24T${time}Z`);
    return beginDueHalts(made.ports);
  };

  it('begins a halt at its time, not before, as whoever planned it and with their ticket', async () => {
    assert.equal(await at('16:34:59'), 0);

    assert.equal(await at('16:35:00'), 1);

    const [started] = made.executions.started;
    const run = await made.store.get('RUN', String(started?.name));
    assert.deepEqual([started?.machine, stateOf(made).mode, stateOf(made).epoch], ['stop', 'STOPPING', 5]);
    assert.deepEqual(
      [run?.requestedBy, run?.ticket, run?.request['planned'], run?.request['stops']],
      [trader.subject, 'OPS-1', (await halts(made))[0]?.id, RUN],
    );
    assert.deepEqual(await statuses(made), ['under-way']);
  });

  it('begins it at once however late it comes, and exactly once however often', async () => {
    assert.equal(await at('23:59:00'), 1);

    assert.deepEqual([await at('23:59:30'), await at('23:59:59')], [0, 0]);
    assert.equal(made.executions.started.length, 1);
  });

  it('begins it once when two sweeps come at the same moment', async () => {
    made.clock.now = new Date('2026-11-24T16:35:00Z');

    await Promise.all([beginDueHalts(made.ports), beginDueHalts(made.ports)]);

    assert.equal(made.executions.started.length, 1);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['halt.scheduled', 'stop.requested']);
  });

  it('starts the machine in the next sweep where it could not be started', async () => {
    made.executions.down = true;
    await assert.rejects(at('16:35:00'));

    assert.equal(stateOf(made).mode, 'STOPPING');
    assert.deepEqual(await statuses(made), ['under-way']); // resumeMachines starts what was recorded and has no execution
  });

  it('stops nothing that is off by then, and says so', async () => {
    await cancelled(made, String((await halts(made))[0]?.id));
    await planned(made, LONDON, 'key-2');
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'OFF', run: undefined });

    assert.equal(await at('16:35:00'), 0);

    const [, halt] = await halts(made);
    assert.deepEqual([halt?.status, halt?.outcome], ['done', 'btc-momentum is off already: nothing to stop']);
    assert.ok(told(made).includes('halt-skipped'));
    assert.equal(made.executions.started.length, 0);
  });

  it('leaves what is killed by then to the kill', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch: LATCH });

    assert.equal(await at('16:35:00'), 0);

    assert.deepEqual(await statuses(made), ['taken-over']);
  });

  it('begins nothing that was cancelled between its look and its decision', async () => {
    const stale = structuredClone(await made.store.get('PLANNEDHALT', STRATEGY));
    assert.ok(stale);
    await cancelled(made, String((await halts(made))[0]?.id));
    const records = Object.assign(Object.create(made.store), { all: async () => [stale] });
    made.clock.now = new Date('2026-11-24T16:35:00Z');

    assert.equal(await beginDueHalts({ ...made.ports, records }), 0);

    assert.deepEqual([stateOf(made).mode, await statuses(made)], ['ACTIVE', ['cancelled']]);
    made.store.records.delete(`PLANNEDHALT#${STRATEGY}`);
    assert.equal(await beginDueHalts({ ...made.ports, records }), 0);
  });
});
