import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Approval } from '../../../domain/approval/approval.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { ActorId, RunId } from '../../../domain/ids.ts';
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
import { wrongProofs } from '../../../domain/ledger/verify/proof-methods.ts';
import type { ShownEntry } from '../../../domain/ledger/verify/shown-entry.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { person, RUN, risk, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { logOf, payloadsOf } from './kill-at-its-end.ts';

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

const BUTTON = ActorId.parse('device:button');

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
    await decideApproval(asked.id, signedAnswer(made, risk, asked), 'k', made.ports);
    await assert.rejects(recordKill(step, made.ports), { name: 'ApprovalClosed' });
    await decideApproval(asked.id, signedAnswer(made, trader, asked), 'own', made.ports);
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
      'approval.signed',
      'kill.confirmed',
    ]);
    assert.equal((await made.evidence.list('observability/audit/kill_events/')).length, 2);
    assert.ok(
      toldIn(made, 'kill-switch').some(
        ({ channel, text }) =>
          channel === 'PagerDuty bridge' && text.startsWith('Kill-switch triggered for btc-momentum due to loss\n'),
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

  const askedOf = async (world: World, runId = step.runId) => {
    await askForConfirmer({ ...step, runId, taskToken: 'a-token' }, world.ports);
    return (await world.store.get('APPROVAL', approvalId({ runId }, 'kill-confirmation'))) ?? assert.fail('not asked');
  };
  const signs = (caller: Caller, asked: Approval) =>
    decideApproval(asked.id, signedAnswer(made, caller, asked), `${caller.subject}/${caller.roles}`, made.ports);

  it('takes the signature of nobody else for that of the initiator, who confirms nothing', async () => {
    const asked = await askedOf(made);
    const both = { ...trader, roles: ['execution-trader' as const, 'risk-officer' as const] };

    for (const stranger of [person('other', 'execution-trader'), person('s', 'sre')])
      await assert.rejects(signs(stranger, asked), { name: 'WrongRole' });
    assert.equal((await signs(both, asked)).reply.signatures[0]?.role, 'execution-trader');
    await assert.rejects(signs({ ...both, roles: ['risk-officer'] }, asked), { name: 'ConfirmerIsInitiator' });
    await assert.rejects(recordKill(step, made.ports), { name: 'ApprovalClosed' });
  });

  it('takes one confirmer', async () => {
    const asked = await askedOf(made);
    await signs(risk, asked);

    await assert.rejects(signs(person('second', 'risk-officer'), asked), { name: 'AlreadyConfirmed' });
  });

  it('asks the trader when a risk officer killed, and the risk officer for their own signature', async () => {
    const fresh = world();
    const { runId } = await executeKill(
      { caller: risk, strategyId: STRATEGY, reason: 'x', commandId: 'k' },
      killPorts(fresh),
    );

    const { requiredRoles, onlyBy } = await askedOf(fresh, runId);

    assert.deepEqual([requiredRoles, onlyBy], [['risk-officer', 'execution-trader'], { 'risk-officer': risk.subject }]);
  });

  it('asks trader and risk officer when no person killed', async () => {
    const { latch, ...rest } = stateOf(made);
    assert.ok(latch);
    made.store.strategies.set(STRATEGY, { ...rest, latch: { ...latch, initiatorRoles: [], initiatedBy: BUTTON } });

    const { requiredRoles, onlyBy } = await askedOf(made);

    assert.deepEqual([requiredRoles, onlyBy], [['execution-trader', 'risk-officer'], undefined]);
  });

  it('asks the confirmer alone when the device of the initiator signed with the kill, and records that it did', async () => {
    const { latch, ...rest } = stateOf(made);
    assert.ok(latch);
    made.store.strategies.set(STRATEGY, { ...rest, latch: { ...latch, initiatorProof: 'device-key' } });
    const asked = await askedOf(made);

    await assert.rejects(signs(trader, asked), { name: 'ConfirmerIsInitiator' });
    await signs(risk, asked);
    await recordKill(step, made.ports);

    assert.deepEqual(asked.requiredRoles, ['risk-officer']);
    const { initiatorProof, confirmer } = payloadsOf(made, 'kill.confirmed')[0] ?? {};
    assert.deepEqual([initiatorProof, confirmer], ['device-key', risk.subject]);
  });

  it('records both signatures, whole, with the kill', async () => {
    const asked = await askedOf(made);
    await signs(trader, asked);
    await signs(risk, asked);
    await recordKill(step, made.ports);

    const entry = logOf(made).at(-1)?.entry ?? assert.fail('no entry');
    assert.deepEqual(wrongProofs(entry as ShownEntry), []);
    assert.deepEqual(
      entry.proofs.map(({ subject }) => subject),
      [trader.subject, risk.subject],
    );
  });

  it('records nothing before somebody was asked, and never what only the initiator signed', async () => {
    await assert.rejects(recordKill(step, made.ports), { name: 'ApprovalClosed', facts: { missing: [] } });
    const asked = await askedOf(made);
    await signs(trader, asked);
    const half = (await made.store.get('APPROVAL', asked.id)) ?? assert.fail('gone');
    await made.store.put({ kind: 'APPROVAL', record: { ...half, status: 'complete' } });

    await assert.rejects(recordKill(step, made.ports), TypeError);
  });

  it('records a confirmation that was given before signatures were kept whole', async () => {
    const asked = await askedOf(made);
    const { proof: _none, ...signature } = (await signs(risk, asked)).reply.signatures[0] ?? assert.fail('not signed');
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, signatures: [signature], status: 'complete' } });

    await recordKill(step, made.ports);

    assert.deepEqual(logOf(made).at(-1)?.entry.proofs, []);
  });

  it('keeps the signature of the first while it waits for the second, over an escalation', async () => {
    const asked = await askedOf(made);
    await signs(trader, asked);
    await escalateUnconfirmedKill(step, made.ports);
    await askForConfirmer({ ...step, taskToken: 'second-token' }, made.ports);

    const again = await made.store.get('APPROVAL', asked.id);
    assert.deepEqual([again?.digest, again?.signatures.length], [asked.digest, 1]);
    await signs(risk, asked);
    assert.deepEqual(made.executions.answered.at(-1), { token: 'second-token', outcome: 'succeeded' });
  });

  it('escalates, asks again, and goes on at once when the answer came meanwhile', async () => {
    await askForConfirmer({ ...step, taskToken: 'first-token' }, made.ports);
    await escalateUnconfirmedKill(step, made.ports);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(asked);
    await signs(trader, asked);
    await signs(risk, asked);

    await askForConfirmer({ ...step, taskToken: 'second-token' }, made.ports);

    assert.deepEqual(made.executions.answered.at(-1), { token: 'second-token', outcome: 'succeeded' });
    assert.equal(messagesIn(made, 'kill-unconfirmed').length, 1);
  });

  it('keeps a confirmation that came while it was about to ask again', async () => {
    await askForConfirmer({ ...step, taskToken: 'first-token' }, made.ports);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(asked);
    await signs(trader, asked);
    const read = made.store.read.bind(made.store);
    made.store.read = async (id) => {
      made.store.read = read;
      await signs(risk, asked);
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
    assert.equal((await freezeLaunches(step, made.ports)).verdict, 'nothing-to-do'); // a late machine freezes nothing any more
  });
});
