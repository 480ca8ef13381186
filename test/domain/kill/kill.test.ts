import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { RunId } from '../../../domain/ids.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { cleanReason } from '../../../domain/kill/clean-reason.ts';
import { escalateUnconfirmedKill } from '../../../domain/kill/escalate-unconfirmed-kill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { kill } from '../../../domain/kill/kill.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { verifyVenues } from '../../../domain/kill/verify-venues.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { RUN, risk, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const execute = (made: World) =>
  executeKill({ caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'key-1' }, killPorts(made));

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
          channel === 'PagerDuty bridge' && text.startsWith('Kill-switch triggered for btc-momentum due to loss. '),
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

  it('keeps a confirmation that came while it was about to ask again', async () => {
    await askForConfirmer({ ...step, taskToken: 'first-token' }, made.ports);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(asked);
    const answer = { caller: risk, decision: 'approve' as const, digest: asked.digest };
    const read = made.store.read.bind(made.store);
    made.store.read = async (id) => {
      made.store.read = read;
      await decideApproval(asked.id, answer, 'k', made.ports);
      return read(id);
    };

    const { summary } = await askForConfirmer({ ...step, taskToken: 'second-token' }, made.ports);

    assert.equal(summary, 'confirmed already');
    assert.equal((await made.store.get('APPROVAL', asked.id))?.status, 'complete');
    assert.deepEqual(made.executions.answered.at(-1), { token: 'second-token', outcome: 'succeeded' });
  });

  it('has nothing to confirm once the strategy is recovered', async () => {
    const { latch: _lifted, ...rest } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...rest, mode: 'OFF' });

    await assert.rejects(askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports), { name: 'NotFound' });
    assert.equal((await freezeLaunches(step, made.ports)).verdict, 'done');
  });
});
