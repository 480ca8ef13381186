import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { carriedBy } from '../../../domain/recover/carried-by.ts';
import { checkSafety } from '../../../domain/recover/check-safety.ts';
import { killersOf } from '../../../domain/recover/killers-of.ts';
import { liftLatch } from '../../../domain/recover/lift-latch.ts';
import { person, risk, STRATEGY, stateOf, trader } from '../../fakes/world.ts';
import {
  answer,
  certifiedKill,
  killedBy,
  postMortemText,
  refusal,
  requested,
  signedOff,
  sre,
  submit,
  trader2,
} from './a-killed-strategy.ts';
import { run } from './recovery-steps.ts';

const risk2 = person('risk2', 'risk-officer');

async function asked() {
  const made = await signedOff();
  const step = await requested(made);
  await run(made, step, 'the trader signs');
  return { made, step };
}

describe('the two signatures of a recovery', () => {
  it('are refused to the person who killed', async () => {
    const { made, step } = await asked();

    await assert.rejects(answer(made, step, 'recovery', trader), refusal('SamePerson'));
  });

  it('are refused to whoever repeated the kill, and given by another in that role', async () => {
    const made = await signedOff();
    await killedBy(made, risk, 'key-2');
    made.engines.status = { epoch: stateOf(made).epoch };
    const step = await requested(made);
    await run(made, step, 'the trader signs');
    await assert.rejects(answer(made, step, 'recovery', risk), refusal('SamePerson'));

    await answer(made, step, 'recovery', trader2);
    await answer(made, step, 'recovery', risk2);
    await made.checkpoint();
    await checkSafety(step, made.recoverPorts);
    await liftLatch(step, made.recoverPorts);

    assert.equal(stateOf(made).mode, 'OFF');
  });

  it('are two different people, though one holds both roles', async () => {
    const { made, step } = await asked();
    const both = { ...trader2, roles: [...trader2.roles, ...risk.roles] };
    await answer(made, step, 'recovery', both);

    await assert.rejects(
      answer(made, step, 'recovery', { ...both, authTime: Number(both.authTime) - 1 }).then(() => {
        throw new Error('signed twice');
      }),
    );

    assert.equal((await made.store.get('APPROVAL', `${step.runId}-recovery`))?.status, 'open');
  });

  it('are refused to other roles, at an older epoch, and when the time is over', async () => {
    const { made, step } = await asked();
    await assert.rejects(answer(made, step, 'recovery', sre), refusal('WrongRole'));
    made.pass(30 * 60_000);
    await assert.rejects(answer(made, step, 'recovery', trader2), refusal('ApprovalExpired'));
    made.pass(-30 * 60_000);
    await killedBy(made, sre, 'key-2');

    await assert.rejects(answer(made, step, 'recovery', trader2), refusal('StaleEpoch'));
  });

  it('carry nothing once their time is over, however far the machine has got', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Lift latch');
    made.pass(30 * 60_000);

    await assert.rejects(checkSafety({ ...step, runId: step.runId }, made.recoverPorts), refusal('ApprovalExpired'));
    await assert.rejects(liftLatch(step, made.recoverPorts), refusal('ApprovalExpired'));

    assert.equal(stateOf(made).mode, 'KILLED');
  });

  it('carry nothing upon a post-mortem of which there is a newer version, signed or not', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Lift latch');
    await submit(made, `${postMortemText(made)}\nOne thing more.\n`);
    await assert.rejects(liftLatch(step, made.recoverPorts), refusal('PostMortemMissing'));
    for (const caller of [sre, trader2, risk]) await answer(made, made.kill, 'post-mortem', caller);

    await assert.rejects(liftLatch(step, made.recoverPorts), refusal('DigestMismatch'));
  });

  it('carry nothing where a killer is among them, whoever edited the question', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'the trader signs');
    const question = await made.store.get('APPROVAL', `${step.runId}-recovery`);
    assert.ok(question);
    await made.store.put({ kind: 'APPROVAL', record: { ...question, excluded: [] } });
    await answer(made, step, 'recovery', trader);
    await answer(made, step, 'recovery', risk);
    const state = stateOf(made);
    assert.ok(state.latch);

    const carried = await carriedBy(step, state, state.latch, made.ports);

    assert.ok(carried instanceof Error);
    assert.match(carried.message, /sub-trader killed, or repeated the kill/);
  });

  it('carry nothing where there are none', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Ask for two signatures');

    await assert.rejects(checkSafety(step, made.recoverPorts), refusal('UnknownApproval'));
  });
});

describe('killersOf', () => {
  const killers = async (made: Awaited<ReturnType<typeof certifiedKill>>) => {
    const state = stateOf(made);
    assert.ok(state.latch);
    return killersOf(state, state.latch, made.ports);
  };

  it('names everybody since the kill that latched, over as many pages as it takes, and nobody before', async () => {
    const made = await certifiedKill();
    const people = ['sub-risk2', 'sub-sre', 'sub-trader'];
    for (const [index, caller] of [sre, risk2].entries()) await killedBy(made, caller, `again-${index}`);
    for (let count = 0; count < 250; count += 1) await killedBy(made, sre, `many-${count}`);

    assert.deepEqual(await killers(made), people);
  });

  it('names whoever owns a device, whoever enrolled a button, and whose kill still waits for the ledger', async () => {
    const made = await certifiedKill();
    const device = (id: string, subject?: string) => ({
      ...{ type: 'device-key' as const, id, roles: [], publicKey: 'key', status: 'active' as const, label: 'a key' },
      ...{ enrolledBy: ActorId.parse('sub-enrolled'), enrolledAt: '2026-11-24T12:00:00.000Z' },
      ...(subject !== undefined && { subject: ActorId.parse(subject) }),
    });
    await made.store.put({ kind: 'CREDENTIAL', record: device('device:laptop', 'sub-owner') });
    await made.store.put({ kind: 'CREDENTIAL', record: device('device:button') });
    await killedBy(made, { ...sre, subject: ActorId.parse('device:laptop') }, 'device-1');
    await killedBy(made, { ...sre, subject: ActorId.parse('device:unknown') }, 'device-2');
    const waiting = { type: 'kill.reaffirmed', actor: ActorId.parse('device:button'), payload: {} };
    const at = '2026-11-24T12:00:00.000Z';
    made.store.strategies.set(STRATEGY, { ...stateOf(made), pendingEntries: [{ ...waiting, at }] });

    assert.deepEqual(await killers(made), [
      ...['device:button', 'device:laptop', 'device:unknown'],
      ...['sub-enrolled', 'sub-owner', 'sub-trader'],
    ]);
  });

  it('names at least whoever latched, where the log does not say it', async () => {
    const made = await certifiedKill();
    made.store.logs.delete(STRATEGY);

    assert.deepEqual(await killers(made), ['sub-trader']);
  });
});
