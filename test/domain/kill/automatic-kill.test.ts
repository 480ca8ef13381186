import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { ActorId } from '../../../domain/ids.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { type AutomaticKillCommand, automaticKill } from '../../../domain/kill/automatic-kill.ts';
import { killCertificate } from '../../../domain/kill/kill-certificate.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { meaningOf, wrongProofs } from '../../../domain/ledger/verify/proof-methods.ts';
import { shownEntryIn } from '../../../domain/ledger/verify/shown-entry.ts';
import { judgeKill } from '../../../domain/review/audit/judge-kill.ts';
import type { StoredEntry } from '../../../domain/review/stored-entry.ts';
import { governanceKey } from '../../fakes/governance.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { risk, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const COMMAND: AutomaticKillCommand = {
  ...{ strategyId: STRATEGY, reason: 'the loss is 1,200 USD', commandId: 'alert-1' },
  by: ActorId.parse('service:watchdog'),
};

const live = (): World => {
  const made = world();
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', epoch: 3 });
  return made;
};
const storedIn = ({ store }: World): StoredEntry[] =>
  (store.logs.get(STRATEGY) ?? []).map(({ text, receipt }) => ({
    ...{ index: receipt.index, leafHash: receipt.leafHash, text },
    entry: LedgerEntry.parse(JSON.parse(text)),
  }));
const shown = (made: World, changes: object = {}) => {
  const entry = shownEntryIn(String(made.store.logs.get(STRATEGY)?.at(0)?.text));
  assert.ok(!('kind' in entry));
  return { ...entry, ...changes };
};

describe('automaticKill', () => {
  it('latches, pushes the halt and starts the machine, as every kill does', async () => {
    const made = live();

    const reply = await automaticKill(COMMAND, made.ports);

    const { mode, epoch, latch } = stateOf(made);
    assert.deepEqual([reply.changed, mode, epoch], [true, 'KILLED', 4]);
    assert.deepEqual([latch?.initiatedBy, latch?.initiatorRoles, latch?.initiatorProof], [COMMAND.by, [], undefined]);
    assert.deepEqual(made.engines.calls, ['halt btc-momentum-1', 'halt btc-momentum-2']);
    assert.deepEqual(
      made.executions.started.map(({ machine }) => machine),
      ['kill'],
    );
  });

  it('is signed by the service key, which anybody can verify: for this strategy, this reason, this service', async () => {
    const made = live();
    await automaticKill(COMMAND, made.ports);

    assert.deepEqual(wrongProofs(shown(made)), []);
    assert.match(String(meaningOf('service-key')), /no person had a part in it/);
    const { proofs } = shown(made);
    const [proof] = proofs;
    const other = { ...proof, publicKey: await governanceKey().publicKey() };
    for (const [changes, what] of [
      [{ log: 'eurusd-carry' }, /about another kill/],
      [{ run: 'kill-btc-momentum-20261124-0123456789ab' }, /about another kill/],
      [{ actor: 'service:lease' }, /about another kill/],
      [{ payload: { reason: 'none' } }, /about another kill/],
      [{ type: 'resume.enabled' }, /something else than a kill/],
      [{ proofs: [other] }, /no signature by the key that it names/],
      [{ proofs: [{ method: 'service-key' }] }, /not of the form/],
    ] as const)
      assert.match(String(wrongProofs(shown(made, changes))[0]?.what), what);
  });

  it('goes out unsigned where the key does not answer, and kills where the store cannot be read', async () => {
    const made = live();
    const governance = { sign: () => Promise.reject(new Error('no key')), publicKey: async () => 'k' };
    const { read } = made.store;
    let reads = 0;
    made.store.read = (id) => {
      reads += 1;
      return reads === 1 ? Promise.reject(new Error('away')) : read.call(made.store, id);
    };

    await automaticKill(COMMAND, { ...made.ports, governance });

    const [entry] = storedIn(made);
    assert.deepEqual([stateOf(made).mode, entry?.entry.proofs], ['KILLED', []]);
  });

  it('is durable in the spool while the store is away', async () => {
    const made = live();
    made.store.commit = () => Promise.reject(new Error('away'));
    made.store.latchUnconditionally = () => Promise.reject(new Error('away'));

    const reply = await automaticKill(COMMAND, made.ports);

    assert.ok(reply.changed && reply.spooled && !reply.latched);
    const spooled = await made.spool.read(STRATEGY, 0);
    assert.deepEqual([spooled?.actor, spooled?.roles, spooled?.proof], [COMMAND.by, [], undefined]);
  });

  it('does nothing where it is killed already, and says by whom it was for what', async () => {
    const made = live();
    await automaticKill(COMMAND, made.ports);

    const again = await automaticKill({ ...COMMAND, commandId: 'alert-2' }, made.ports);

    assert.deepEqual([again.changed, again.latched, stateOf(made).epoch], [false, true, 4]);
    assert.match(again.summary, /killed already: the loss is 1,200 USD/);
  });
});

describe('the confirmation of a kill that no person asked for', () => {
  async function confirmedBy(made: World) {
    const reply = await automaticKill(COMMAND, made.ports);
    const step = { strategyId: STRATEGY, runId: reply.runId, epoch: stateOf(made).epoch };
    await askForConfirmer({ ...step, taskToken: 'token' }, made.ports);
    return step;
  }

  it('takes a trader and a risk officer, and neither alone', async () => {
    const made = live();
    const step = await confirmedBy(made);
    const asked = async () => made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.deepEqual((await asked())?.requiredRoles, ['execution-trader', 'risk-officer']);

    for (const caller of [trader, risk]) {
      await assert.rejects(recordKill(step, made.ports), { code: 'ApprovalClosed' });
      const approval = await asked();
      assert.ok(approval);
      await decideApproval(approval.id, signedAnswer(made, caller, approval), caller.subject, made.ports);
    }
    await recordKill(step, made.ports);

    const entries = storedIn(made);
    const [kill] = entries;
    assert.ok(kill);
    const { initiator, confirmer } = killCertificate(step.runId, entries);
    assert.deepEqual([Object(initiator).actor, Object(confirmer).actor], [COMMAND.by, risk.subject]);
    const confirmed = entries.find(({ entry }) => entry.type === 'kill.confirmed')?.entry;
    assert.deepEqual([confirmed?.payload['initiator'], confirmed?.proofs.length], [COMMAND.by, 2]);
    const own = judgeKill(kill, entries, { keys: new Map(), demoAuthenticators: 'accepted' })[0];
    assert.deepEqual([own?.verdict, own?.requirement.endsWith('the key of the service')], ['verified', true]);
  });

  it('is not audited as two people where the service and one of them have signed', async () => {
    const made = live();
    const step = await confirmedBy(made);
    const approval = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
    assert.ok(approval);
    await decideApproval(approval.id, signedAnswer(made, risk, approval), risk.subject, made.ports);
    const entries = storedIn(made);
    const [kill] = entries;
    assert.ok(kill);
    const payload = { initiator: COMMAND.by, confirmer: risk.subject };
    const confirmed = { ...kill, index: 9, entry: { ...kill.entry, type: 'kill.confirmed', run: step.runId, payload } };

    const checks = judgeKill(kill, [...entries, confirmed], trusting(entries));

    const signed = checks.filter(({ verdict, by }) => verdict === 'verified' && by !== COMMAND.by);
    assert.deepEqual(
      signed.map(({ by }) => by),
      [risk.subject],
    );
    assert.deepEqual([checks.at(-1)?.verdict, checks.at(-1)?.why], ['failed', 'only one person has signed']);
  });
});

/** Believes every key that has signed here. */
function trusting(entries: readonly StoredEntry[]) {
  const proofs = entries.flatMap(({ entry }) => entry.proofs).filter(({ method }) => method === 'webauthn');
  const at = '2026-01-01T00:00:00.000Z';
  const known = { enrolledBy: 'somebody', approvedBy: 'somebody else', approvedAt: at };
  const keys = proofs.map(
    ({ credential, publicKey, subject }) =>
      [String(credential), { ...known, owner: String(subject), publicKey: String(publicKey) }] as const,
  );
  return { keys: new Map(keys), demoAuthenticators: 'accepted' as const };
}
