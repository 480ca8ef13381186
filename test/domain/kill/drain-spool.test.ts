import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Caller } from '../../../domain/approval/caller.ts';
import { RunId, StrategyId } from '../../../domain/ids.ts';
import { drainSpool, requireDrained, takeIn } from '../../../domain/kill/drain-spool.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import type { SpooledKill } from '../../../domain/kill/spooled-kill.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { REGISTRATION, risk, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const spooled = (number = 0, changes: Partial<SpooledKill> = {}): SpooledKill => ({
  runId: RunId.parse(`kill-btc-momentum-20261124-${number}`),
  actor: trader.subject,
  roles: trader.roles,
  reason: `loss ${number}`,
  decidedAt: new Date(START.getTime() - 60_000 + number).toISOString(),
  ...changes,
});
type Entry = { type: string; actor: string; run: string; at: string; payload: Record<string, unknown> };
const entriesOf = ({ store }: World) => (store.logs.get(STRATEGY) ?? []).map(({ text }) => JSON.parse(text) as Entry);

/** A kill with the store away: it pushes, and goes into the spool. */
async function killedWithoutStore(made: World, caller: Caller = trader) {
  const { read, commit, latchUnconditionally } = made.store;
  const down = () => Promise.reject(new Error('down'));
  Object.assign(made.store, { read: down, commit: down, latchUnconditionally: down });
  const reply = await executeKill({ caller, strategyId: STRATEGY, reason: 'loss', commandId: 'k' }, killPorts(made));
  Object.assign(made.store, { read, commit, latchUnconditionally });
  return reply;
}

describe('drainSpool', () => {
  it('does nothing when nothing waits', async () => {
    const made = world();

    assert.deepEqual(await drainSpool(STRATEGY, made.ports), stateOf(made));
    assert.deepEqual(entriesOf(made), []);
  });

  it('kills as was decided: by whom, when, why, and with how old a login', async () => {
    const made = world();
    await made.spool.put(STRATEGY, spooled(0, { expiredForMs: 7 }));

    const state = await drainSpool(STRATEGY, made.ports);

    const { runId, decidedAt } = spooled();
    assert.deepEqual(
      [state.mode, state.epoch, state.spooledKills, state.maxOrdersPerSec, state.latch],
      [
        'KILLED',
        1,
        1,
        0,
        { runId, initiatedBy: 'sub-trader', initiatorRoles: ['execution-trader'], reason: 'loss 0', at: decidedAt },
      ],
    );
    assert.deepEqual(
      entriesOf(made).map(({ type, actor, run, at, payload: { changes: _state, ...payload } }) => ({
        type,
        actor,
        run,
        at,
        payload,
      })),
      [
        {
          type: 'kill.requested',
          actor: 'sub-trader',
          run: runId,
          at: START.toISOString(),
          payload: { reason: 'loss 0', decidedAt, tokenExpiredForMs: 7, spooled: 0 },
        },
      ],
    );
    const run = await made.store.get('RUN', runId);
    assert.deepEqual([run?.machine, run?.startedAt, run?.request['reaffirms']], ['kill', decidedAt, null]);
  });

  it('takes them in order, each once, also when many drain at once and the store is contended', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(3), fc.nat(8), async (kills, drainers, losing) => {
        const made = world();
        for (let number = 0; number < kills; number += 1) await made.spool.put(STRATEGY, spooled(number));
        made.store.losing = losing;

        await Promise.all(Array.from({ length: drainers + 1 }, () => drainSpool(STRATEGY, made.ports)));
        await drainSpool(STRATEGY, made.ports);

        assert.deepEqual(
          entriesOf(made).map(({ type, payload }) => [type, payload['spooled']]),
          Array.from({ length: kills }, (_, number) => [number === 0 ? 'kill.requested' : 'kill.reaffirmed', number]),
        );
        assert.deepEqual([stateOf(made).epoch, stateOf(made).spooledKills], [kills, kills]);
        assert.equal(stateOf(made).latch?.runId, spooled().runId);
      }),
      { seed: 8, numRuns: 100 },
    ));

  it('leaves the latch of a kill that was there before, and says which one it reaffirms', async () => {
    const made = world();
    const first = await executeKill(
      { caller: risk, strategyId: STRATEGY, reason: 'first', commandId: 'a' },
      killPorts(made),
    );
    await made.spool.put(STRATEGY, spooled());

    const { latch } = await drainSpool(STRATEGY, made.ports);

    assert.deepEqual([latch?.runId, latch?.initiatedBy], [first.runId, 'sub-risk']);
    assert.equal((await made.store.get('RUN', spooled().runId))?.request['reaffirms'], first.runId);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested', 'kill.reaffirmed']);
  });

  it('lets a kill that got into the store as well reaffirm itself: one latch, one initiator, and its run as it was', async () => {
    const made = world();
    const { runId } = await executeKill(
      { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'a' },
      killPorts(made),
    );
    const recorded = await made.store.get('RUN', runId);
    assert.ok(recorded);
    const ended = { ...recorded, status: 'SUCCEEDED' as const };
    await made.store.put({ kind: 'RUN', record: ended });
    await made.spool.put(STRATEGY, spooled(0, { runId }));

    await drainSpool(STRATEGY, made.ports);

    assert.deepEqual(
      entriesOf(made).map(({ type, run }) => [type, run]),
      [
        ['kill.requested', runId],
        ['kill.reaffirmed', runId],
      ],
    );
    assert.deepEqual(await made.store.get('RUN', runId), ended);
  });

  it('lets one that could only latch write the record of its run, which reaffirms nobody else', async () => {
    const made = world();
    made.store.commit = () => Promise.reject(new Error('throttled'));
    const { runId } = await executeKill(
      { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'a' },
      killPorts(made),
    );
    Reflect.deleteProperty(made.store, 'commit');
    await made.spool.put(STRATEGY, spooled(0, { runId }));

    await drainSpool(STRATEGY, made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested', 'kill.reaffirmed']);
    assert.deepEqual((await made.store.get('RUN', runId))?.request, { reason: 'loss 0', reaffirms: null });
  });

  it('takes in no number twice, also when the command that did it is long forgotten', () => {
    const state = { ...stateOf(world()), spooledKills: 1 };

    const again = takeIn(state, { number: 0, spooled: spooled(), recorded: false });

    assert.deepEqual([again.state, again.entries], [state, []]);
  });

  it('refuses a strategy that does not exist, by name', async () => {
    await assert.rejects(drainSpool(StrategyId.parse('nobody'), world().ports), { name: 'UnknownStrategy' });
  });
});

describe('requireDrained', () => {
  it('takes in what waits before anything riskier goes on', async () => {
    const made = world();
    await made.spool.put(STRATEGY, spooled());

    assert.equal((await requireDrained(STRATEGY, made.ports)).mode, 'KILLED');
  });

  it('refuses with KillSpooled where a kill waits and cannot be taken in, and passes on every other no and fault', async () => {
    const made = world();
    await made.spool.put(STRATEGY, spooled());
    made.store.losing = 1000;

    await assert.rejects(requireDrained(STRATEGY, made.ports), { name: 'KillSpooled' });
    await assert.rejects(requireDrained(StrategyId.parse('nobody'), made.ports), { name: 'UnknownStrategy' });
    made.spool.read = () => Promise.reject(new Error('the spool is down'));
    await assert.rejects(requireDrained(STRATEGY, made.ports), /the spool is down/);
  });
});

describe('a kill without the store', () => {
  it('halts, says that it is spooled and not latched, and starts its machine', async () => {
    const made = world();

    const { runId, latched, spooled: isSpooled, status, epoch, summary } = await killedWithoutStore(made);

    assert.deepEqual([latched, isSpooled, status, epoch], [false, true, 'halted', null]);
    assert.match(summary, /NOT latched yet.*durably spooled.*as soon as the store is back/);
    assert.deepEqual(made.executions.started, [
      { machine: 'kill', name: runId, input: { strategyId: STRATEGY, runId } },
    ]);
    assert.deepEqual(made.spool.kills.get(STRATEGY), [
      { runId, actor: 'sub-trader', roles: ['execution-trader'], reason: 'loss', decidedAt: START.toISOString() },
    ]);
    assert.equal(stateOf(made).mode, 'OFF');
  });

  it('keeps how long the login had been expired', async () => {
    const made = world();

    await killedWithoutStore(made, { ...trader, expiredForMs: 9 });

    assert.equal(made.spool.kills.get(STRATEGY)?.[0]?.expiredForMs, 9);
  });

  it('is latched under its own run by the first state of its machine, which goes on from there', async () => {
    const made = world();
    const { runId } = await killedWithoutStore(made);

    const { summary, epoch } = await haltEngines({ strategyId: STRATEGY, runId }, made.ports);

    const { latch, spooledKills } = stateOf(made);
    assert.deepEqual(
      [latch?.runId, latch?.initiatedBy, latch?.reason, spooledKills, epoch],
      [runId, 'sub-trader', 'loss', 1, 1],
    );
    assert.match(summary, new RegExp(`${REGISTRATION.engines.length} of 2 instances halted`));
    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested', 'kill.halted']);
  });

  it('says that nothing is durable when the spool fails as well, and starts no machine', async () => {
    const made = world();
    made.spool.put = () => Promise.reject(new Error('down'));

    const { latched, spooled: isSpooled, summary } = await killedWithoutStore(made);

    assert.deepEqual([latched, isSpooled, made.executions.started], [false, false, []]);
    assert.match(summary, /NOT latched: the store did not answer, kill it again/);
  });

  it('asks no spool while the store answers, not even of what is unknown', async () => {
    const made = world();
    made.spool.put = () => assert.fail('nothing was to be spooled');

    const kill = (id: string) =>
      executeKill(
        { caller: trader, strategyId: StrategyId.parse(id), reason: 'loss', commandId: 'k' },
        killPorts(made),
      );

    assert.deepEqual([(await kill(STRATEGY)).latched, (await kill(STRATEGY)).spooled], [true, false]);
    await assert.rejects(kill('nobody'), { name: 'UnknownStrategy' });
  });
});
