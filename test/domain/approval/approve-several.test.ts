import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Approval } from '../../../domain/approval/approval.ts';
import { type ApproveSeveral, approveSeveral } from '../../../domain/approval/approve-several.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { verifyApproval } from '../../../domain/approval/verify-approval.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Passkey } from '../../../domain/signature/credential.ts';
import { openBatch } from '../../../domain/signature/open-batch.ts';
import { batchDigest } from '../../../domain/signature/signing-batch.ts';
import { assertionOf, authenticatorOf, passkeyOf, signedAnswer } from '../../fakes/passkeys.ts';
import { askThree, launchQuestion, signedTogether, THREE } from '../../fakes/several-launches.ts';
import { person, risk, trader, type World, world } from '../../fakes/world.ts';

let made: World;
let asked: Approval[];
const changed = new Set<string>();
beforeEach(() => {
  made = world();
  changed.clear();
  asked = askThree(made, changed);
});

const KEY = 'sub-trader/key-0001';
const sign = async (command: ApproveSeveral, key = KEY) =>
  (await approveSeveral(command, key, made.ports)).map(({ outcome }) =>
    outcome instanceof Refusal ? outcome.code : outcome.reply.status,
  );
const together = (changes = {}, questions = asked) => signedTogether(made, trader, questions, changes);
const stored = async ({ id }: Approval) => (await made.store.get('APPROVAL', id)) ?? assert.fail(`no ${id}`);
const passkey = async () => (await made.store.get('CREDENTIAL', authenticatorOf(trader.subject).id)) as Passkey;
const enrol = (changes: Partial<Passkey>) =>
  made.store.put({ kind: 'CREDENTIAL', record: passkeyOf(trader.subject, changes) });
const put = (record: Approval) => made.store.put({ kind: 'APPROVAL', record });
const [first = assert.fail(), second = assert.fail(), third = assert.fail()] = THREE.map((id) => launchQuestion(id));
const alone = (approval: Approval, more: object, key = 'alone') =>
  decideApproval(
    approval.id,
    { caller: trader, decision: 'approve', digest: approval.digest, ...more },
    key,
    made.ports,
  );
/** The store takes so many writes of a strategy and is away then. */
const awayAfter = (writes: number) => {
  const commit = made.store.commit.bind(made.store);
  let left = writes;
  made.store.commit = async (...given) => {
    if (left === 0) throw new Error('the store is away');
    left -= 1;
    return commit(...given);
  };
  return () => Object.assign(made.store, { commit });
};

describe('one signature over three launches', () => {
  it('signs each of them in the log of its strategy, and raises the counter once', async () => {
    assert.deepEqual(await sign(together()), ['open', 'open', 'open']);

    for (const id of THREE) assert.deepEqual(made.store.storyOf(id), ['approval.signed']);
    const signatures = await Promise.all(asked.map(async (each) => (await stored(each)).signatures[0]?.proof));
    assert.equal(new Set(signatures.map((proof) => proof?.signature)).size, 1);
    assert.deepEqual(
      signatures.map((proof) => [proof?.digest, proof?.nonce, proof?.counter]),
      [...asked.map(({ digest, document }) => [digest, document['nonce'], 1])],
    );
    assert.equal((await passkey()).counter, 1);
  });

  it('carries each launch once two people have signed them so, and is checked again before the act', async () => {
    await sign(together());
    assert.deepEqual(await sign(signedTogether(made, risk, asked), 'sub-risk/key'), [
      'complete',
      'complete',
      'complete',
    ]);

    for (const each of asked) {
      const complete = await stored(each);
      assert.equal(verifyApproval(complete, { epoch: 0 }, made.ports.now(), 'refused'), complete);
    }
  });

  it('carries no other launch: a proof that somebody put into the store at another one is found there', async () => {
    await sign(together());
    await sign(signedTogether(made, risk, asked), 'sub-risk/key');
    const { signatures } = await stored(first);

    for (const other of [
      { ...(await stored(second)), signatures },
      { ...launchQuestion(first.strategyId, { id: 'another' as never }), signatures, status: 'complete' as const },
    ]) {
      const refusal = verifyApproval(other, { epoch: 0 }, made.ports.now(), 'refused');
      assert.equal(refusal instanceof Refusal && refusal.code, 'SignatureInvalid');
    }
  });

  it('keeps the reason that was given for all of them', async () => {
    await sign({ ...together(), reason: 'morning round' });

    assert.equal((await stored(third)).signatures[0]?.reason, 'morning round');
  });
});

describe('what is refused among several', () => {
  for (const [what, code, prepare] of [
    ['whose plan has changed', 'PlanChanged', () => void changed.add(second.strategyId)],
    ['that has expired', 'ApprovalExpired', () => put({ ...second, expiresAt: made.ports.now().toISOString() })],
    ['that is closed', 'ApprovalClosed', () => put({ ...second, status: 'declined' })],
    ['of an older epoch', 'StaleEpoch', () => put({ ...second, epoch: 7 })],
    ['that they have signed already', 'SamePerson', () => alone(second, signedAnswer(made, trader, second))],
    ['that takes another role', 'WrongRole', () => put({ ...second, requiredRoles: ['sre', 'risk-officer'] })],
    ['whose document is another by now', 'DigestMismatch', () => put({ ...second, digest: digestOf('another') })],
    ['that is not there', 'UnknownApproval', () => void made.store.records.delete(`APPROVAL#${second.id}`)],
    ['that is about something else than a launch', 'InvalidRequest', () => put({ ...second, kind: 'flag-flip' })],
  ] as const)
    it(`is one ${what}, and it alone`, async () => {
      await prepare();

      assert.deepEqual(await sign(together()), ['open', code, 'open']);
    });

  it('is every one of them for somebody without the role, and with a login that is too old', async () => {
    const quant = person('quant', 'quant');
    const old = { ...trader, authTime: 0 };

    assert.deepEqual(await sign(signedTogether(made, quant, asked)), ['WrongRole', 'WrongRole', 'WrongRole']);
    assert.deepEqual(new Set(await sign({ ...together(), caller: old })), new Set(['SecondFactorStale']));
    assert.deepEqual(made.store.storyOf(first.strategyId), []);
  });

  it('is a signature over other questions, over one of them alone, and by somebody else', async () => {
    const { batch, assertion } = together();
    const less = openBatch(asked.slice(1), made.ports.now());

    assert.deepEqual(await sign({ caller: trader, batch: less, assertion }), ['WrongChallenge', 'WrongChallenge']);
    assert.deepEqual(
      new Set(await sign({ caller: trader, batch, assertion: assertionOf(made, trader, first.digest) })),
      new Set(['WrongChallenge']),
    );
    assert.deepEqual(new Set(await sign({ caller: risk, batch, assertion })), new Set(['CredentialOfAnother']));
  });

  it('is a question that was not among them, also where its digest is', async () => {
    const { batch, assertion } = together({}, asked.slice(1));

    await assert.rejects(alone(first, { batch, assertion }), { name: 'WrongChallenge' });
    const twin = launchQuestion(second.strategyId, { id: 'twin' as never });
    await put(twin);
    await assert.rejects(alone(twin, { batch, assertion }), { name: 'WrongChallenge' });
    await assert.rejects(alone(first, { batch, assertion: undefined }), { name: 'SignatureMissing' });
  });

  it('is what was signed together, where one of them comes as if it had been signed alone', async () => {
    const { assertion } = together();

    await assert.rejects(alone(first, { assertion }), { name: 'WrongChallenge' });
  });
});

describe('the counter of one signature over several', () => {
  it('may be that of the first one for the others, also where a repeat completes what a fault has left', async () => {
    await enrol({ counter: 6 });
    const command = together();
    const back = awayAfter(1);
    await assert.rejects(sign(command), /the store is away/);
    assert.deepEqual(
      THREE.map((id) => made.store.storyOf(id).length),
      [1, 0, 0],
    );
    back();

    assert.deepEqual(await sign(command), ['open', 'open', 'open']);

    assert.deepEqual(
      THREE.map((id) => made.store.storyOf(id).length),
      [1, 1, 1],
    );
    assert.deepEqual([(await passkey()).counter, (await passkey()).counterOf], [7, batchDigest(command.batch)]);
  });

  it('answers a repeat as before, and another key with no second signature', async () => {
    const command = together();
    await sign(command);

    assert.deepEqual(await sign(command), ['open', 'open', 'open']);
    assert.deepEqual(await sign(command, 'another'), ['SamePerson', 'SamePerson', 'SamePerson']);
    assert.deepEqual(
      THREE.map((id) => made.store.storyOf(id).length),
      [1, 1, 1],
    );
  });

  it('refuses the same key for others, or for the same ones signed anew', async () => {
    await sign(together());
    made.pass(1000);

    assert.deepEqual(new Set(await sign(together())), new Set(['IdempotencyKeyReused']));
  });

  it('lets no rest of an older signature in after another one', async () => {
    await enrol({ counter: 6 });
    const command = together();
    const back = awayAfter(1);
    await assert.rejects(sign(command), /the store is away/);
    back();
    await alone(second, { assertion: assertionOf(made, trader, second.digest) });
    assert.equal((await passkey()).counterOf, undefined);

    assert.deepEqual(await sign(command), ['open', 'SamePerson', 'CounterRegressed']);
  });

  it('lets no signature over others, or over one alone, come with the same counter, nor one over the same with a lower', async () => {
    await enrol({ counter: 6 });
    await sign(together({}, asked.slice(0, 2)));

    const others = openBatch(asked.slice(1), new Date(made.ports.now().getTime() - 1000));
    const over = (digest: Approval['digest'], counter: number) => assertionOf(made, trader, digest, { counter });
    assert.deepEqual(
      await sign({ caller: trader, batch: others, assertion: over(batchDigest(others), 7) }, 'another'),
      ['SamePerson', 'CounterRegressed'],
    );
    await assert.rejects(alone(third, { assertion: over(third.digest, 7) }), { name: 'CounterRegressed' });
    await enrol({ counter: 7, counterOf: batchDigest(others) });
    for (const [counter, outcome] of [
      [6, 'CounterRegressed'],
      [0, 'CounterRegressed'],
      [7, 'open'],
    ] as const) {
      const assertion = over(batchDigest(others), counter);
      assert.deepEqual((await sign({ caller: trader, batch: others, assertion }, `key-${counter}`))[1], outcome);
    }
  });

  it('does not fall back to none, also over the same questions', async () => {
    const { batch } = together();
    await enrol({ counter: 1, counterOf: batchDigest(batch) });
    const assertion = assertionOf(made, trader, batchDigest(batch), { counter: 0 });

    assert.deepEqual(new Set(await sign({ caller: trader, batch, assertion })), new Set(['CounterRegressed']));
  });

  it('is none where an authenticator keeps none', async () => {
    await enrol({ counter: 0 });

    assert.deepEqual(await sign(together({ counter: 0 })), ['open', 'open', 'open']);
  });
});
