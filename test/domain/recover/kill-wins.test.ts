import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { killEntry, latchOf } from '../../../domain/kill/kill.ts';
import { askForTwoSignatures } from '../../../domain/recover/ask-for-two-signatures.ts';
import { liftLatch } from '../../../domain/recover/lift-latch.ts';
import { latched } from '../../fakes/desks.ts';
import { REGISTRATION, risk, STRATEGY, stateOf } from '../../fakes/world.ts';
import {
  answer,
  certifiedKill,
  killedBy,
  postMortemText,
  type RecoverWorld,
  recoveryIdOf,
  refusal,
  requested,
  signedOff,
  sre,
  submit,
  trader2,
} from './a-killed-strategy.ts';
import { run, STEPS } from './recovery-steps.ts';

const names = Object.keys(STEPS);

/** Somebody kills again, each in a way of their own. */
const KILLS: Readonly<Record<string, (made: RecoverWorld) => Promise<unknown>>> = {
  'a kill': (made) => killedBy(made, sre, 'key-2'),
  'a kill that could only latch': (made) => {
    const now = made.ports.now();
    const command = { actor: sre.subject, roles: sre.roles, reason: 'loss', runId: 'kill-2' as never, now };
    return made.store.latchUnconditionally(STRATEGY, latchOf(command), killEntry(command, 'kill.reaffirmed'), now);
  },
  'a kill that waits in the spool': (made) =>
    made.spool.put(STRATEGY, {
      ...{ runId: 'kill-spooled' as never, actor: sre.subject, roles: sre.roles, reason: 'loss' },
      decidedAt: made.ports.now().toISOString(),
    }),
  'a kill of its desk that has only latched the scope yet': async (made) => latched(made, `desk:${REGISTRATION.desk}`),
};

describe('a kill at any moment of a recovery wins', () => {
  for (const [what, kill] of Object.entries(KILLS))
    for (const name of names)
      it(`${what}, just before ${name}: it stays killed, and this recovery never lifts it`, async () => {
        const made = await signedOff();
        const step = await requested(made);
        await run(made, step, name);

        await kill(made);

        for (const each of names.slice(names.indexOf(name))) await STEPS[each]?.(made, step).catch(() => undefined);
        assert.equal(stateOf(made).mode, 'KILLED');
        assert.ok(stateOf(made).latch);
        assert.equal((await made.store.all('FREEZE'))[0]?.liftedAt, undefined);
        assert.ok(!made.store.storyOf(STRATEGY).includes('recovery.lifted'));
      });

  for (const name of ['Open recovery', 'Check post-mortem', 'Ask for two signatures', 'Check safety', 'Lift latch'])
    it(`ends ${name} itself, by the epoch`, async () => {
      const made = await signedOff();
      const step = await requested(made);
      await run(made, step, name);
      await killedBy(made, sre, 'key-2');

      await assert.rejects(async () => STEPS[name]?.(made, step), refusal('StaleEpoch'));
    });

  it('leaves the sign-off of a post-mortem open that somebody has not given yet', async () => {
    const made = await certifiedKill();
    await submit(made, postMortemText(made));

    await freezeLaunches(await killedBy(made, sre, 'key-2'), made.ports);

    assert.equal((await made.store.get('APPROVAL', `${made.kill.runId}-post-mortem`))?.status, 'open');
  });

  it('also between the last look and the write', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Lift latch');
    const { commit } = made.store;
    made.store.commit = async (before, decision, at) => {
      made.store.commit = commit;
      await killedBy(made, sre, 'key-2');
      return commit.call(made.store, before, decision, at);
    };

    await assert.rejects(liftLatch(step, made.recoverPorts), refusal('StaleEpoch'));

    assert.equal(stateOf(made).mode, 'KILLED');
  });

  it('and right after the write it latches anew', async () => {
    const made = await signedOff();
    await run(made, await requested(made));

    const { runId } = await killedBy(made, sre, 'key-2');

    assert.deepEqual([stateOf(made).mode, stateOf(made).latch?.runId], ['KILLED', runId]);
  });

  it('sends home a recovery that waits for people, and voids its question; the sign-off of the post-mortem stays', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'the trader signs');
    made.store.list = async () => []; // lists may lag

    await freezeLaunches(await killedBy(made, sre, 'key-2'), made.ports);

    assert.deepEqual(made.executions.answered.at(-1), { token: 'of-the-recovery', outcome: 'StrategyKilled' });
    assert.equal((await made.store.get('APPROVAL', `${step.runId}-recovery`))?.status, 'void');
    assert.equal((await made.store.get('APPROVAL', `${made.kill.runId}-post-mortem`))?.status, 'complete');
  });

  it('keeps the post-mortem signed: after a repeated kill two people sign a recovery at the new epoch, and nobody the post-mortem again', async () => {
    const made = await signedOff();
    await requested(made);
    await killedBy(made, sre, 'key-2');
    made.engines.status = { epoch: stateOf(made).epoch };

    await run(made, await requested(made, {}, 'recover-2'));

    assert.equal(stateOf(made).mode, 'OFF');
  });
});

describe('a state of a recovery that is tried again', () => {
  it('gives the answer to the token that waits now, whoever has signed meanwhile', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'the risk officer signs');

    await askForTwoSignatures({ ...step, taskToken: 'another-token' }, made.ports);
    await answer(made, step, 'recovery', risk);
    await askForTwoSignatures({ ...step, taskToken: 'a-third-token' }, made.ports);

    assert.deepEqual(
      made.executions.answered.map(({ token }) => token).filter((token) => token !== 'a-token'),
      ['another-token', 'a-third-token'],
    );
  });

  it('is refused when the question is void or declined', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'the trader signs');
    const asked = await made.store.get('APPROVAL', `${recoveryIdOf(made)}-recovery`);
    assert.ok(asked);
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, status: 'declined' } });

    await assert.rejects(askForTwoSignatures({ ...step, taskToken: 'another' }, made.ports), refusal('ApprovalClosed'));
    assert.equal(trader2.roles[0], 'execution-trader');
  });
});
