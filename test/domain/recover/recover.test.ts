import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { checkFreezes } from '../../../domain/launch/check-freezes.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { closeRecovery } from '../../../domain/recover/close-recovery.ts';
import { liftLatch } from '../../../domain/recover/lift-latch.ts';
import { openRecovery } from '../../../domain/recover/open-recovery.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { toldIn } from '../../fakes/told.ts';
import { RUN, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';
import { registeredAs } from '../drill/drilled.ts';
import {
  certifiedKill,
  killedBy,
  postMortemText,
  recoverWorld,
  recoveryIdOf,
  refusal,
  requested,
  signedOff,
  sre,
  submit,
} from './a-killed-strategy.ts';
import { run, STEPS } from './recovery-steps.ts';

describe('a recovery', () => {
  it('leaves the strategy off, unlatched and unfrozen, by one write, and tells everybody that launching is allowed', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Lift latch');
    const { version } = stateOf(made);

    await run(made, step);

    const { mode, latch, lock, run: holder, version: after, epoch } = stateOf(made);
    assert.deepEqual([mode, latch, lock, holder, after], ['OFF', undefined, undefined, undefined, version + 1]);
    assert.equal(epoch, step.epoch + 1); // an engine may have fenced the epoch of the kill
    const freezes = await made.store.all('FREEZE');
    assert.deepEqual(
      freezes.map(({ liftedBy }) => liftedBy),
      [step.runId],
    );
    const told = toldIn(made, 'launch-allowed');
    assert.equal(told.length, 5);
    assert.equal(told[0]?.drill, undefined);
    assert.match(told[0]?.text ?? '', /^The kill of .* is over: launching it is allowed again\nIt does not trade/);
  });

  for (const [score, verdict] of [
    ['passed', 'passed'],
    ['not scored', undefined],
  ] as const)
    it(`of a drill says that it was one (${score}) to those who sign it, and before anything else to those who are told`, async () => {
      const made = await signedOff();
      registeredAs(made, 'simulated');
      const at = START.toISOString();
      const drill = { id: made.kill.runId, strategyId: STRATEGY, openedBy: trader.subject, at };
      const record = { ...drill, expiresAt: '2027-01-01T00:00:00.000Z', ...(verdict && { verdict }) };
      await made.store.put({ kind: 'DRILL', record });
      const step = await requested(made);
      await run(made, step, 'Lift latch');

      const { summary } = await liftLatch(step, made.recoverPorts);

      const question = await made.store.get('APPROVAL', `${step.runId}-recovery`);
      const told = toldIn(made, 'launch-allowed');
      assert.equal(question?.document['drill'], score);
      assert.match(summary, new RegExp(`the kill was a drill: ${score}$`));
      for (const { text, drill: labelled } of told)
        assert.deepEqual([text.startsWith('DRILL: '), labelled], [true, true]);
      assert.deepEqual(
        told.map(({ channel }) => channel),
        ['#incidents', '#trading-ops', '#risk'],
        'and nobody is paged',
      );
    });

  it('re-enables nothing: no flag is written, no engine is told anything', async () => {
    const made = await signedOff();
    const { version } = made.flags;
    made.engines.calls.length = 0;

    await run(made, await requested(made));

    assert.equal(made.flags.version, version);
    assert.deepEqual([...new Set(made.engines.calls.map((call) => call.split(' ')[0]))], ['risk-status']);
  });

  it('lets a launch begin that was refused before, and not before', async () => {
    const made = await signedOff();
    const launch = async () =>
      requestLaunch(stateOf(made), {
        ...{ caller: trader, runId: RUN, request: { environment: 'prod' }, now: made.ports.now() },
        freezes: await made.store.all('FREEZE'),
      });
    const step = await requested(made);
    await run(made, step, 'Lift latch');
    assert.ok((await launch()) instanceof Refusal);
    assert.equal(checkFreezes(await made.store.all('FREEZE'), made.ports.now())[0]?.verdict, 'no-go');

    await run(made, step);

    assert.ok(!((await launch()) instanceof Refusal));
    assert.equal(checkFreezes(await made.store.all('FREEZE'), made.ports.now())[0]?.verdict, 'go');
  });

  it('reads in the ledger as what it was', async () => {
    const made = await signedOff();
    const before = made.store.storyOf(STRATEGY).length;

    await run(made, await requested(made));

    assert.deepEqual(made.store.storyOf(STRATEGY).slice(before), [
      'recovery.requested',
      'recovery.opened',
      'recovery.post-mortem-signed',
      'approval.requested',
      'approval.signed',
      'approval.signed',
      'recovery.checked',
      'freeze.lifted',
      'recovery.lifted',
    ]);
  });

  for (const name of Object.keys(STEPS))
    it(`does ${name} once, though it was done already when its reply was lost`, async () => {
      const made = await signedOff();
      const step = await requested(made);
      await run(made, step, name);
      await STEPS[name]?.(made, step);
      const story = made.store.storyOf(STRATEGY);

      await STEPS[name]?.(made, step).catch(refusal('ApprovalClosed'));

      assert.deepEqual(made.store.storyOf(STRATEGY), story);
    });

  it('is refused for a machine that somebody started by hand', async () => {
    const made = await signedOff();
    const byHand = { strategyId: STRATEGY, runId: RUN, epoch: stateOf(made).epoch };

    await assert.rejects(openRecovery(byHand, made.ports), refusal('NoIntent'));
  });

  it('does not go on for another recovery, or for what is not killed any more', async () => {
    const made = await signedOff();
    const step = await requested(made);
    made.pass(3_600_001);
    await requested(made, {}, 'recover-2');
    await assert.rejects(openRecovery(step, made.ports), refusal('RecoveryUnderWay'));
    const { latch: _latch, recovery: _none, ...unlatched } = { ...stateOf(made), recovery: 0 };
    made.store.strategies.set(STRATEGY, unlatched);

    await assert.rejects(openRecovery(step, made.ports), refusal('StrategyNotKilled'));
  });

  it('keeps what a kill leaves to the next kill: a machine of an old one freezes nothing that is recovered', async () => {
    const made = await signedOff();
    await run(made, await requested(made));

    const { verdict } = await freezeLaunches({ ...made.kill, runId: RUN }, made.ports);

    assert.equal(verdict, 'nothing-to-do');
    assert.equal(checkFreezes(await made.store.all('FREEZE'), made.ports.now())[0]?.verdict, 'go');
  });

  for (const name of ['Check post-mortem', 'Ask for two signatures'])
    it(`ends at ${name} when a newer version of the post-mortem was submitted and nobody has signed that`, async () => {
      const made = await signedOff();
      const step = await requested(made);
      await run(made, step, name);
      await submit(made, `${postMortemText(made)}\nOne thing more.\n`);

      await assert.rejects(async () => STEPS[name]?.(made, step), refusal('PostMortemMissing'));
    });

  it('names no certificate and lifts no freeze where there are none', async () => {
    const made = await signedOff();
    const step = await requested(made);
    const { latch, ...rest } = stateOf(made);
    assert.ok(latch);
    const { certificate: _none, ...uncertified } = latch;
    made.store.strategies.set(STRATEGY, { ...rest, latch: uncertified });
    made.store.records.delete(`FREEZE#kill-${STRATEGY}`);

    await run(made, step);

    const asked = await made.store.get('APPROVAL', `${step.runId}-recovery`);
    assert.deepEqual([stateOf(made).mode, asked?.document['certificate']], ['OFF', null]);
    assert.deepEqual(await made.store.all('FREEZE'), []);
  });

  it('lifts nothing of a strategy whose mode and latch do not go together, and nothing for a run that holds no latch', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Lift latch');
    const state = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'SAFE' });
    await assert.rejects(liftLatch(step, made.recoverPorts), refusal('StrategyNotOff'));
    assert.ok(state.latch);
    const { recovery: _none, ...unheld } = state.latch;
    made.store.strategies.set(STRATEGY, { ...state, latch: unheld });

    await assert.rejects(liftLatch(step, made.recoverPorts), { name: 'RecoveryUnderWay', facts: { run: null } });
  });

  it('is needed anew after the next kill, whose freeze stands again', async () => {
    const made = await signedOff();
    await run(made, await requested(made));

    const again = await killedBy(made, trader, 'key-2');
    await freezeLaunches(again, made.ports);

    assert.equal(stateOf(made).latch?.runId, again.runId);
    assert.equal(checkFreezes(await made.store.all('FREEZE'), made.ports.now())[0]?.verdict, 'no-go');
    await assert.rejects(requested(made, {}, 'recover-2'), refusal('KillNotProved'));
  });
});

describe('requestRecovery', () => {
  it('refuses what is not killed', async () => {
    await assert.rejects(requested(recoverWorld()), refusal('StrategyNotKilled'));
  });

  it('refuses while nobody else has confirmed the kill, and while it has no certificate', async () => {
    const made = await signedOff();
    const { latch } = stateOf(made);
    assert.ok(latch);
    const { confirmedBy: _nobody, ...unconfirmed } = latch;
    const { certificate: _none, ...uncertified } = latch;

    for (const [changed, why] of [
      [unconfirmed, /no second person has confirmed/],
      [uncertified, /has no certificate yet/],
    ] as const) {
      made.store.strategies.set(STRATEGY, { ...stateOf(made), latch: changed });
      await assert.rejects(requested(made), { name: 'KillNotProved', message: why });
    }
  });

  it('refuses without a post-mortem', async () => {
    await assert.rejects(requested(await certifiedKill()), refusal('PostMortemMissing'));
  });

  it('refuses a second one beside the first, and lets it begin when the first is over', async () => {
    const made = await signedOff();
    const first = await requested(made);
    await assert.rejects(requested(made, {}, 'recover-2'), {
      name: 'RecoveryUnderWay',
      facts: { run: first.runId, since: made.ports.now().toISOString() },
    });

    await closeRecovery({ ...first, failure: { Error: 'States.Timeout', Cause: null } }, made.ports);
    const second = await requested(made, {}, 'recover-2');

    assert.equal(recoveryIdOf(made), second.runId);
  });

  it('takes one whose machine ended without a word for over: by its run, by a later kill, or after an hour', async () => {
    const made = await signedOff();
    const first = await requested(made);
    const record = await made.store.get('RUN', first.runId);
    assert.ok(record);
    await made.store.put({ kind: 'RUN', record: { ...record, status: 'ABORTED' } });
    await requested(made, {}, 'recover-2');
    await killedBy(made, sre, 'key-2');
    await requested(made, {}, 'recover-3');
    made.pass(3_600_001);

    assert.equal((await requested(made, {}, 'recover-4')).runId, recoveryIdOf(made));
  });

  it('keeps ticket and acceptance with the run', async () => {
    const made = await signedOff();
    const request = { ticket: 'INC-7', acceptExposure: { reason: 'hedged elsewhere' } };

    const { runId } = await requested(made, request);

    const record = await made.store.get('RUN', runId);
    assert.deepEqual(
      [record?.machine, record?.ticket, record?.request],
      ['recover', 'INC-7', { ...request, recovers: made.kill.runId }],
    );
  });
});

describe('closeRecovery', () => {
  const failure = { Error: 'OrdersResting', Cause: 'orders still rest' };

  it('leaves the strategy killed, records why, and makes void what was asked', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'the trader signs');

    const { summary } = await closeRecovery({ ...step, failure }, made.ports);

    assert.match(summary, /not recovered: orders still rest/);
    assert.deepEqual([stateOf(made).mode, recoveryIdOf(made)], ['KILLED', undefined]);
    assert.equal((await made.store.get('APPROVAL', `${step.runId}-recovery`))?.status, 'void');
    assert.equal((await made.store.get('RUN', step.runId))?.failure?.code, 'OrdersResting');
    assert.equal(made.store.storyOf(STRATEGY).at(-1), 'recovery.withdrawn');
  });

  it('takes nothing from a recovery that was asked for later', async () => {
    const made = await signedOff();
    const step = await requested(made);
    made.pass(3_600_001);
    const later = await requested(made, {}, 'recover-2');

    await closeRecovery({ ...step, failure }, made.ports);

    assert.equal(recoveryIdOf(made), later.runId);
  });

  it('says nothing of a failure where the latch was lifted and only the reply got lost', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step);

    const { verdict } = await closeRecovery({ ...step, failure }, made.ports);

    assert.equal(verdict, 'nothing-to-do');
    assert.equal(made.store.storyOf(STRATEGY).at(-1), 'recovery.lifted');
  });
});
