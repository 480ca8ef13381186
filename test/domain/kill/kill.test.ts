import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { RunId, StrategyId } from '../../../domain/ids.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { cleanReason } from '../../../domain/kill/clean-reason.ts';
import { escalateUnconfirmedKill } from '../../../domain/kill/escalate-unconfirmed-kill.ts';
import { executeKill, type KillPorts } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { kill } from '../../../domain/kill/kill.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { verifyVenues } from '../../../domain/kill/verify-venues.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { REGISTRATION, RUN, risk, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const killPorts = (made: World): KillPorts => ({
  ...made.ports,
  registrationOf: async (id) => (id === STRATEGY ? REGISTRATION : undefined),
  elapsedMs: () => made.clock.now.getTime(),
});
const execute = (made: World, reason: unknown = 'loss', ports = killPorts(made)) =>
  executeKill({ caller: trader, strategyId: STRATEGY, reason, commandId: 'key-1' }, ports);

describe('kill', () => {
  it('stops trading from every mode, and fences what was under way', () =>
    fc.assert(
      fc.property(fc.constantFrom(...Mode.options), fc.nat(), (mode, epoch) => {
        const { state, entries } = kill(
          { ...stateOf(world()), mode, epoch },
          { actor: trader.subject, roles: trader.roles, reason: 'loss', runId: RUN, now: START },
        );

        assert.deepEqual([state.mode, state.epoch, state.maxOrdersPerSec, entries.length], ['KILLED', epoch + 1, 0, 1]);
        assert.ok(
          requestLaunch(state, {
            caller: trader,
            runId: RUN,
            request: { environment: 'prod' },
            freezes: [],
            now: START,
          }) instanceof Refusal,
        );
      }),
    ));

  it('keeps the first reason and initiator when it is repeated, and fences again', () => {
    const first = kill(stateOf(world()), {
      actor: trader.subject,
      roles: [],
      reason: 'loss',
      runId: RUN,
      now: START,
    }).state;

    const { state, entries } = kill(first, {
      actor: risk.subject,
      roles: [],
      reason: 'again',
      runId: RUN,
      expiredForMs: 5,
      now: START,
    });

    assert.deepEqual([state.latch?.reason, state.epoch, entries[0]?.type], ['loss', 2, 'kill.reaffirmed']);
    assert.equal(entries[0]?.payload['tokenExpiredForMs'], 5);
  });
});

describe('cleanReason', () => {
  for (const [what, reason, clean] of [
    ['an empty one', '', 'not given'],
    ['none', undefined, 'not given'],
    ['one of blanks', ' \n ', 'not given'],
    ['control characters', 'a\u0000\u001bb', 'a b'],
  ] as const) {
    it(`takes ${what}`, () => assert.equal(cleanReason(reason), clean));
  }

  it('cuts a long one, and accepts any text', () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 20_000 }), (reason) =>
        assert.ok([...cleanReason(reason)].length <= 500 && cleanReason(reason) !== ''),
      ),
    ));
});

describe('executeKill', () => {
  it('latches, halts every instance, starts the machine, and says what is known', async () => {
    const made = world();

    const reply = await execute(made);

    assert.deepEqual([reply.status, reply.latched, reply.epoch, stateOf(made).mode], ['halted', true, 1, 'KILLED']);
    assert.deepEqual(
      made.executions.started.map(({ machine, name }) => [machine, name]),
      [['kill', reply.runId]],
    );
    assert.equal(reply.receipt?.index, 0);
  });

  it('still stands when an engine, or every engine, does not answer', async () => {
    const made = world();
    made.engines.unreachable.add('btc-momentum-2');
    assert.equal((await execute(made)).status, 'halting');

    made.engines.unreachable.add('btc-momentum-1');
    const { status, summary } = await execute(made);

    assert.equal(status, 'lease-bounded');
    assert.match(summary, /bounds the others within 5000 ms/);
  });

  it('stands when Step Functions is down: the machine is started later', async () => {
    const made = world();
    made.executions.down = true;

    assert.equal((await execute(made)).latched, true);
  });

  it('never loses against other writers: it latches unconditionally, and the entry waits for the next append', async () => {
    const made = world();
    made.store.losing = 1000;
    let ms = 0;

    const reply = await execute(made, 'loss', { ...killPorts(made), elapsedMs: () => (ms += 30) });

    assert.deepEqual(
      [reply.latched, reply.receipt, stateOf(made).mode, stateOf(made).pendingEntries.length],
      [true, undefined, 'KILLED', 1],
    );
  });

  it('reaffirms unconditionally too', async () => {
    const made = world();
    await execute(made);
    made.store.losing = 1000;
    let ms = 0;

    await execute(made, 'again', { ...killPorts(made), elapsedMs: () => (ms += 30) });

    assert.equal(stateOf(made).pendingEntries[0]?.type, 'kill.reaffirmed');
  });

  it('pushes the halt with the store down, and does not claim to have latched', async () => {
    const made = world();
    made.store.read = () => Promise.reject(new Error('down'));

    const reply = await execute(made);

    assert.deepEqual([reply.status, reply.latched, reply.epoch], ['halted', false, null]);
    assert.match(reply.summary, /NOT latched/);
  });

  it('latches with the registry down', async () => {
    const made = world();

    const reply = await execute(made, 'loss', {
      ...killPorts(made),
      registrationOf: () => Promise.reject(new Error('down')),
    });

    assert.deepEqual([reply.status, reply.latched, reply.leaseBoundMs], ['lease-bounded', true, 5000]);
  });

  it('refuses only an unknown strategy', async () => {
    const made = world();

    await assert.rejects(
      executeKill(
        { caller: trader, strategyId: StrategyId.parse('nobody'), reason: 'x', commandId: 'k' },
        killPorts(made),
      ),
      { name: 'UnknownStrategy' },
    );
  });
});

describe('the kill machine', () => {
  let made: World;
  let step: { strategyId: typeof STRATEGY; runId: RunId; epoch: number };
  beforeEach(async () => {
    made = world();
    const { runId } = await execute(made);
    step = { strategyId: STRATEGY, runId, epoch: 1 };
  });

  it('halts again, proves the venues empty, freezes, tells everybody, and records both people', async () => {
    const { epoch } = await haltEngines(step, made.ports);
    await disableLive(step, made.ports);
    await freezeLaunches(step, made.ports);
    await verifyVenues(step, made.ports);
    await announceKill(step, made.ports);
    await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(asked);
    await decideApproval(asked.id, { caller: risk, decision: 'approve', digest: asked.digest }, 'k', made.ports);
    await recordKill(step, made.ports);

    assert.equal(epoch, 1);
    assert.equal(stateOf(made).latch?.confirmedBy, risk.subject);
    assert.deepEqual(made.store.storyOf(STRATEGY), [
      'kill.requested',
      'kill.halted',
      'flag.disabled',
      'freeze.set',
      'kill.venues-empty',
      'kill.announced',
      'approval.requested',
      'approval.signed',
      'kill.confirmed',
    ]);
    assert.equal((await made.evidence.list('observability/audit/kill_events/')).length, 2);
    assert.ok(
      (await made.store.list('DELIVERY')).some(
        ({ channel, text }) =>
          channel === 'PagerDuty bridge' && text === 'Kill-switch triggered for btc-momentum due to loss',
      ),
    );
  });

  it('freezes every new launch', async () => {
    await freezeLaunches(step, made.ports);

    const launch = requestLaunch(stateOf(world()), {
      caller: trader,
      runId: RUN,
      request: { environment: 'prod' },
      freezes: await made.store.all('FREEZE'),
      now: START,
    });
    assert.ok(launch instanceof Refusal && launch.code === 'LaunchesFrozen');
  });

  it('cancels again and looks again until nothing rests', async () => {
    Object.assign(made.venues, { resting: 3, stubborn: 1 });

    await assert.rejects(verifyVenues(step, made.ports), { name: 'OrdersResting' });
    await assert.rejects(verifyVenues(step, made.ports), { name: 'OrdersResting' });
    assert.equal((await verifyVenues(step, made.ports)).verdict, 'go');
  });

  it('latches when it is started by hand, with nothing but a strategy', async () => {
    const fresh = world();

    const { epoch, summary } = await haltEngines({ strategyId: STRATEGY, runId: RunId.parse('by-hand') }, fresh.ports);

    assert.deepEqual(
      [epoch, stateOf(fresh).mode, stateOf(fresh).latch?.initiatedBy],
      [1, 'KILLED', 'service:step-functions-console'],
    );
    assert.match(summary, /2 of 2/);
  });

  it('says by name which instance was not reached', async () => {
    made.engines.unreachable.add('btc-momentum-2');

    assert.match((await haltEngines(step, made.ports)).summary, /btc-momentum-2/);
  });

  it('does not let the initiator confirm, nor somebody of another role', async () => {
    await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(asked);
    const both = { ...trader, roles: ['risk-officer' as const] };

    await assert.rejects(
      decideApproval(asked.id, { caller: both, decision: 'approve', digest: asked.digest }, 'k', made.ports),
      { name: 'SamePerson' },
    );
    await assert.rejects(
      decideApproval(asked.id, { caller: trader, decision: 'approve', digest: asked.digest }, 'l', made.ports),
      { name: 'WrongRole' },
    );
    await assert.rejects(recordKill(step, made.ports), { name: 'ApprovalClosed' });
  });

  it('asks the trader when a risk officer killed', async () => {
    const fresh = world();
    const { runId } = await executeKill(
      { caller: risk, strategyId: STRATEGY, reason: 'x', commandId: 'k' },
      killPorts(fresh),
    );

    await askForConfirmer({ ...step, runId, taskToken: 'a-token' }, fresh.ports);

    assert.deepEqual((await fresh.store.get('APPROVAL', approvalId({ runId }, 'kill-confirmation')))?.requiredRoles, [
      'execution-trader',
    ]);
  });

  it('escalates, asks again, and goes on at once when the answer came meanwhile', async () => {
    await askForConfirmer({ ...step, taskToken: 'first-token' }, made.ports);
    await escalateUnconfirmedKill(step, made.ports);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(asked);
    await decideApproval(asked.id, { caller: risk, decision: 'approve', digest: asked.digest }, 'k', made.ports);

    await askForConfirmer({ ...step, taskToken: 'second-token' }, made.ports);

    assert.deepEqual(made.executions.answered.at(-1), { token: 'second-token', outcome: 'succeeded' });
    assert.ok((await made.store.list('DELIVERY')).some(({ trigger }) => trigger === 'kill-unconfirmed'));
  });

  it('has nothing to confirm once the strategy is recovered', async () => {
    const { latch: _lifted, ...rest } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...rest, mode: 'OFF' });

    await assert.rejects(askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports), { name: 'NotFound' });
    assert.equal((await freezeLaunches(step, made.ports)).verdict, 'done');
  });
});
