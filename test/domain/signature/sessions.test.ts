import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Approval } from '../../../domain/approval/approval.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { matchesHash } from '../../../domain/crypto/matches-hash.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { readPlan } from '../../../domain/plan/read-plan.ts';
import { openSession } from '../../../domain/signature/open-session.ts';
import { requireSession, spendSession, useSession } from '../../../domain/signature/use-session.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { RUN, risk, START, STRATEGY, trader, type World, world } from '../../fakes/world.ts';

const document = {
  ...{ action: 'launch', strategy: STRATEGY, epoch: 0, nonce: '0123456789abcdef' },
  plan: await readPlan(STRATEGY, world().ports),
  expiresAt: new Date(START.getTime() + 1_800_000).toISOString(),
};
const asked = Approval.parse({
  ...{ id: 'a-question', kind: 'launch-confirmation', strategyId: STRATEGY, runId: RUN, epoch: 0, status: 'open' },
  ...{ document, digest: digestOf(document), requiredRoles: ['execution-trader', 'risk-officer'] },
  ...{ mayDecline: [], excluded: [], signatures: [], openedAt: START.toISOString(), expiresAt: document.expiresAt },
});

describe('a signing session', () => {
  let made: World;
  beforeEach(() => {
    made = world();
    made.store.records.set(`APPROVAL#${asked.id}`, { kind: 'APPROVAL', record: asked });
  });
  let number = 0;
  const ports = () => ({
    ...made.ports,
    randomId: () => {
      number += 1;
      return `session-${number}`;
    },
    randomSecret: () => Buffer.alloc(32, number).toString('base64url'),
  });
  const open = (caller = risk) => openSession({ caller, approval: asked.id }, ports());
  const invalid = { name: 'SigningSessionInvalid' };

  it('is there for whoever has its secret, and for nobody else', async () => {
    const { session, secret } = await open();

    assert.deepEqual(await useSession(session.id, secret, made.ports), session);
    await assert.rejects(useSession(session.id, `${secret}A`, made.ports), invalid);
    await assert.rejects(useSession('another', secret, made.ports), invalid);
    assert.equal(matchesHash(secret, 'no hash'), false);
  });

  it('needs a login with a fresh second factor', async () => {
    await assert.rejects(open({ ...risk, authTime: 0 }), { name: 'SecondFactorStale' });
  });

  it('is over after five minutes, and once it was used', async () => {
    const [first, second] = [await open(), await open()];
    const used = await spendSession(first.session.id, made.ports);
    await made.store.put({ kind: 'SESSION', record: used });

    assert.deepEqual([used.status, used.version], ['used', 2]);
    await assert.rejects(useSession(first.session.id, first.secret, made.ports), invalid);
    await assert.rejects(spendSession(first.session.id, made.ports), invalid);
    await assert.rejects(spendSession('another', made.ports), invalid);
    made.pass(300_000);
    await assert.rejects(useSession(second.session.id, second.secret, made.ports), invalid);
  });

  it('to enrol is that of the person who opened it', async () => {
    const { session } = await openSession({ caller: trader }, ports());

    assert.deepEqual(await requireSession(session.id, trader, made.ports), session);
    await assert.rejects(requireSession(session.id, risk, made.ports), invalid);
    await assert.rejects(requireSession((await open()).session.id, risk, made.ports), invalid);
    await assert.rejects(requireSession('another', risk, made.ports), invalid);
  });

  it('is used up in the very write of the answer, so that of two answers by it one is taken', async () => {
    const { session } = await open();
    const by = (caller: typeof risk, key: string) =>
      decideApproval(asked.id, { ...signedAnswer(made, caller, asked), session: session.id }, key, made.ports);

    await by(risk, 'first');

    await assert.rejects(by(trader, 'second'), invalid);
    assert.equal((await made.store.get('SESSION', session.id))?.status, 'used');
    assert.deepEqual(made.store.storyOf(STRATEGY), ['approval.signed']);
  });

  it('carries a no as well', async () => {
    const { session } = await open();
    const no = { caller: risk, decision: 'decline' as const, digest: asked.digest, session: session.id };

    assert.equal((await decideApproval(asked.id, no, 'no', made.ports)).reply.status, 'declined');
  });

  it('stays open when the answer was refused', async () => {
    const { session } = await open();
    const { assertion: _none, ...unsigned } = { ...signedAnswer(made, risk, asked), session: session.id };

    await assert.rejects(decideApproval(asked.id, unsigned, 'k', made.ports), { name: 'SignatureMissing' });
    assert.equal((await made.store.get('SESSION', session.id))?.status, 'open');
  });
});
