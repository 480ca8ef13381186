import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { ApprovalId } from '../../../domain/ids.ts';
import { coveringLatches } from '../../../domain/kill/covering-latches.ts';
import { killCovered } from '../../../domain/kill/kill-covered.ts';
import { killScope } from '../../../domain/kill/kill-scope.ts';
import { recoverScope } from '../../../domain/recover/recover-scope.ts';
import { desks, modesOf } from '../../fakes/desks.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { person, REGISTRATION, risk, STRATEGY, stateOf, trader } from '../../fakes/world.ts';
import { refusal, sre, trader2 } from './a-killed-strategy.ts';

type Desks = ReturnType<typeof desks>;
const risk2 = person('risk2', 'risk-officer');

const killed = (made: Desks, caller: Caller, commandId: string, scope = 'desk:crypto') =>
  killScope({ caller, scope, reason: 'no prices', commandId }, made.scopePorts);
let keys = 0;
const recover = (made: Desks, scope = 'desk:crypto', caller = sre) => {
  keys += 1;
  return recoverScope({ caller, request: { scope }, key: `key-${keys}` }, made.ports);
};
async function signs(made: Desks, approval: string, ...people: Caller[]) {
  for (const caller of people) {
    const asked = await made.store.get('APPROVAL', approval);
    assert.ok(asked);
    const key = `${caller.subject}/${asked.digest}`;
    await decideApproval(ApprovalId.parse(approval), signedAnswer(made, caller, asked), key, made.ports);
  }
}
const covering = (made: Desks) => coveringLatches(REGISTRATION, made.ports);

describe('recoverScope', () => {
  it('asks two people first, then lifts the latch with an entry in the log desk; the strategies stay killed', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');

    const first = await recover(made);
    assert.deepEqual([first.status, (await recover(made)).approval], ['asked', first.approval]);
    await signs(made, first.approval, trader2, risk);
    const { status, receipt } = await recover(made);

    assert.deepEqual([status, receipt?.log, await covering(made)], ['lifted', 'desk', []]);
    assert.equal(made.store.storyOf('desk').at(-1), 'recovery.scope-lifted');
    assert.equal(modesOf(made)['eth-momentum'], 'KILLED');
    const asked = await made.store.get('APPROVAL', first.approval);
    assert.deepEqual(asked?.document['strategies'], ['btc-momentum', 'eth-momentum']);
  });

  it('lets no later lease or tick kill again what has been recovered below it', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    const { approval } = await recover(made);
    await signs(made, approval, trader2, risk);
    await recover(made);
    const { latch: _lifted, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'OFF' });

    assert.equal((await killCovered(stateOf(made), REGISTRATION, { ...made.ports })).mode, 'OFF');
  });

  it('is signed by nobody who killed the scope or repeated that', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    await killed(made, risk, 'kill-2');
    await killed(made, person('trader3', 'execution-trader'), 'kill-3', 'desk:fx');
    const { approval } = await recover(made);

    for (const caller of [trader, risk]) await assert.rejects(signs(made, approval, caller), refusal('SamePerson'));
    await signs(made, approval, person('trader3', 'execution-trader'), risk2);

    assert.equal((await recover(made)).status, 'lifted');
  });

  it('is asked anew after another kill of the scope, whatever was signed before', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    const { approval } = await recover(made);
    await signs(made, approval, trader2, risk);
    await killed(made, sre, 'kill-2');

    const again = await recover(made);

    assert.deepEqual([again.status, again.approval === approval, (await covering(made)).length], ['asked', false, 1]);
  });

  it('lifts nothing where a kill of the scope comes between the last look and the write', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    const { approval } = await recover(made);
    await signs(made, approval, trader2, risk);
    const { commitTo } = made.store;
    made.store.commitTo = async (...asked) => {
      made.store.commitTo = commitTo;
      await killed(made, sre, 'kill-2');
      return commitTo.apply(made.store, asked) as never;
    };

    await assert.rejects(recover(made), refusal('StaleEpoch'));

    assert.equal((await covering(made)).length, 1);
  });

  it('is asked anew when the time to sign is over, with or without signatures', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    const { approval } = await recover(made);
    await signs(made, approval, trader2, risk);
    made.pass(30 * 60_000);

    assert.equal((await recover(made)).status, 'asked');
    assert.deepEqual((await made.store.get('APPROVAL', approval))?.signatures, []);
    made.pass(30 * 60_000);
    assert.equal((await recover(made)).status, 'asked');
  });

  it('carries nothing where a killer is among the signatures, or a signature was edited', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    const { approval } = await recover(made);
    const asked = await made.store.get('APPROVAL', approval);
    assert.ok(asked);
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, excluded: [] } });
    await signs(made, approval, trader, risk);
    await assert.rejects(recover(made), refusal('SamePerson'));
    const signed = await made.store.get('APPROVAL', approval);
    assert.ok(signed);
    const forged = signed.signatures.map((each) => ({ ...each, actor: `${each.actor}-x` as never }));
    await made.store.put({ kind: 'APPROVAL', record: { ...signed, signatures: forged } });

    await assert.rejects(recover(made), refusal('SignatureInvalid'));
  });

  it('refuses a scope that is unknown, that is not killed, or that covers nothing, and one that is lifted', async () => {
    const made = desks();
    await assert.rejects(recover(made, 'desk:nothing'), refusal('UnknownScope'));
    await assert.rejects(recover(made), refusal('StrategyNotKilled'));
    await killed(made, trader, 'kill-1');
    const { approval } = await recover(made);
    await signs(made, approval, trader2, risk);
    await recover(made);
    await assert.rejects(recover(made), refusal('StrategyNotKilled'));
    await killed(made, trader, 'kill-2', 'all');
    for (const key of [...made.store.records.keys()].filter((each) => each.startsWith('REGISTRATION#')))
      made.store.records.delete(key);

    await assert.rejects(recover(made, 'all'), refusal('UnknownScope'));
  });

  it('finds those who killed over as many pages as the log has, and none before the latch', async () => {
    const made = desks();
    await killed(made, risk, 'before');
    const first = await recover(made);
    await signs(made, first.approval, trader2, risk2);
    await recover(made);
    made.pass(1_000);
    await killed(made, trader, 'kill-1');
    const entry = { type: 'note.made', actor: sre.subject, payload: {} };
    for (let count = 0; count < 205; count += 1) await made.store.append('desk' as never, [entry], made.ports.now());

    const { approval } = await recover(made);

    assert.deepEqual((await made.store.get('APPROVAL', approval))?.excluded, ['sub-trader']);
  });

  it('takes a latch from before latches had versions', async () => {
    const made = desks();
    await killed(made, trader, 'kill-1');
    const latch = await made.store.get('LATCH', 'desk:crypto');
    assert.ok(latch);
    const { version: _none, ...old } = latch;
    made.store.records.set('LATCH#desk:crypto', { kind: 'LATCH', record: old });
    made.store.logs.delete('desk');
    const { approval } = await recover(made);
    await signs(made, approval, trader2, risk);
    const { commitTo } = made.store;
    made.store.commitTo = async (_log, decide) => ({ reply: (await decide()).reply, receipt: undefined });

    assert.equal((await recover(made)).status, 'lifted');
    made.store.commitTo = commitTo;
  });
});
