import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Approval, ApprovalKind, Role } from '../../../domain/approval/approval.ts';
import { beginAgain } from '../../../domain/approval/begin-again.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { signApproval } from '../../../domain/approval/sign-approval.ts';
import { verifyApproval } from '../../../domain/approval/verify-approval.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Passkey } from '../../../domain/signature/credential.ts';
import type { Signed } from '../../../domain/signature/sign-document.ts';
import type { WebauthnProof } from '../../../domain/signature/webauthn-proof.ts';
import { assertionOf, passkeyOf } from '../../fakes/passkeys.ts';
import { person, RUN, risk, START, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';

const document = {
  action: 'launch',
  strategy: STRATEGY,
  epoch: 0,
  nonce: '0123456789abcdef',
  expiresAt: '2026-11-24T12:30:00.000Z',
};
const asked = (changes: Partial<Approval> = {}): Approval => ({
  id: approvalId({ runId: RUN }, 'launch-confirmation'),
  kind: 'launch-confirmation',
  strategyId: STRATEGY,
  runId: RUN,
  epoch: 0,
  document,
  digest: digestOf(document),
  requiredRoles: ['execution-trader', 'risk-officer'],
  mayDecline: ['sre'],
  excluded: [],
  signatures: [],
  status: 'open',
  openedAt: START.toISOString(),
  expiresAt: '2026-11-24T12:30:00.000Z',
  taskToken: 't',
  ...changes,
});
const made = world();
const state = stateOf(made);
const signedBy = (
  caller: Caller,
  { digest }: Approval,
  authenticator: Passkey['authenticator'] = 'platform',
): Signed => {
  const { response } = assertionOf(made, caller, digest);
  const { authenticatorData, clientDataJSON, signature } = response;
  const passkey = passkeyOf(caller.subject, { authenticator, counter: 1 });
  const bytes = { authenticatorData, clientDataJSON, signature, publicKey: passkey.publicKey };
  const said = { digest, nonce: document.nonce, counter: 1, acr: 'urn:cognito:loa:2', authTime: START.toISOString() };
  const { subject } = caller;
  return { passkey, proof: { method: 'webauthn', subject, credential: passkey.id, authenticator, ...bytes, ...said } };
};
const approve = (approval: Approval, caller = trader, now = START, changes: object = {}) => {
  const signed = signedBy(caller, approval);
  return signApproval(
    state,
    approval,
    { caller, decision: 'approve', digest: approval.digest, signed, ...changes },
    now,
  );
};
const after = (approval: Approval, caller = trader): Approval => {
  const decision = approve(approval, caller);
  assert.ok(!(decision instanceof Refusal), String(decision));
  return decision.reply;
};
const LATE = new Date('2026-11-24T12:30:00.000Z');
const codeOf = (outcome: unknown) => (outcome instanceof Refusal ? outcome.code : outcome);

describe('signApproval', () => {
  it('is complete when both roles have signed, in either order', () => {
    assert.deepEqual(
      [after(after(asked()), risk).status, after(after(asked(), risk)).status],
      ['complete', 'complete'],
    );
  });

  for (const [what, outcome, code] of [
    ['a wrong role', () => approve(asked(), person('q', 'quant')), 'WrongRole'],
    ['the same person twice', () => approve(after(asked())), 'SamePerson'],
    [
      'a second person of the same role',
      () => approve(after(asked()), person('other', 'execution-trader')),
      'AlreadyDecided',
    ],
    [
      'an approval without a signature',
      () => approve(asked(), trader, START, { signed: undefined }),
      'SignatureMissing',
    ],
    ['another document', () => approve(asked(), trader, START, { digest: digestOf('other') }), 'DigestMismatch'],
    ['a closed question', () => approve(asked({ status: 'complete' })), 'ApprovalClosed'],
    ['an expired question', () => approve(asked(), trader, new Date('2026-11-24T12:30:00.000Z')), 'ApprovalExpired'],
    ['a question of an older epoch', () => approve(asked({ epoch: 7 })), 'StaleEpoch'],
    ['somebody excluded', () => approve(asked({ excluded: [trader.subject] })), 'SamePerson'],
    [
      'a login without a second factor',
      () => approve(asked(), { ...trader, acr: 'urn:cognito:loa:1' }),
      'SecondFactorMissing',
    ],
    ['a login with no level at all', () => approve(asked(), { ...trader, acr: undefined }), 'SecondFactorMissing'],
    [
      'a login of six minutes ago',
      () => approve(asked(), trader, new Date(START.getTime() + 360_000)),
      'SecondFactorStale',
    ],
    ['a login of the future', () => approve(asked(), trader, new Date(START.getTime() - 120_000)), 'SecondFactorStale'],
    ['a login of no known time', () => approve(asked(), { ...trader, authTime: undefined }), 'SecondFactorStale'],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(codeOf(outcome()), code));
  }

  it('tells who killed that it is for others to recover, and somebody who has signed already that it takes another person', () => {
    const recovery = asked({ kind: 'recovery', excluded: [trader.subject] });
    const messageOf = (outcome: unknown) => (outcome instanceof Refusal ? outcome.message : '');

    assert.match(messageOf(approve(recovery)), /^you have killed this.*two others recover it$/);
    assert.equal(codeOf(approve(recovery)), 'SamePerson');
    assert.match(messageOf(approve(after({ ...recovery, excluded: [] }))), /^two different people/);
  });

  it('takes one decline, also from a role that only may decline and with an old login, and keeps the reason', () => {
    const caller = { ...person('s', 'sre'), authTime: undefined, acr: undefined };

    const decision = signApproval(
      state,
      asked(),
      { caller, decision: 'decline', digest: asked().digest, reason: 'not today' },
      START,
    );

    assert.ok(!(decision instanceof Refusal));
    assert.deepEqual([decision.reply.status, decision.reply.signatures[0]?.reason], ['declined', 'not today']);
  });

  it('does not let just anybody decline', () => {
    assert.equal(
      codeOf(
        signApproval(
          state,
          asked(),
          { caller: person('q', 'quant'), decision: 'decline', digest: asked().digest },
          START,
        ),
      ),
      'WrongRole',
    );
  });

  it('is never complete with fewer people than roles, whoever signs in whatever order', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), role: fc.constantFrom(...Role.options) }), {
          maxLength: 8,
        }),
        (signers) => {
          let approval = asked();
          for (const { name, role } of signers) {
            const decision = approve(approval, person(name, role));
            if (!(decision instanceof Refusal)) approval = decision.reply;
          }

          if (approval.status === 'complete')
            assert.equal(new Set(approval.signatures.map(({ actor }) => actor)).size, 2);
        },
      ),
    ));
});

describe('verifyApproval', () => {
  const complete = after(after(asked()), risk);
  const withProofs = (change: (proof: WebauthnProof) => WebauthnProof | undefined): Approval => ({
    ...complete,
    signatures: complete.signatures.map(({ proof, ...each }) => {
      const changed = proof && change(proof);
      return { ...each, ...(changed && { proof: changed }) };
    }),
  });

  it('passes what was signed', () => assert.equal(verifyApproval(complete, state, START, 'refused'), complete));

  for (const [what, approval, code] of [
    ['nothing', undefined, 'UnknownApproval'],
    ['what is not complete', asked(), 'ApprovalClosed'],
    [
      'what is called complete by one person',
      { ...complete, signatures: complete.signatures.map((each) => ({ ...each, actor: trader.subject })) },
      'ApprovalClosed',
    ],
    ['an expired one', { ...complete, expiresAt: START.toISOString() }, 'ApprovalExpired'],
    ['one of another epoch', { ...complete, epoch: 3 }, 'StaleEpoch'],
    ['one whose signature was taken from the item', withProofs(() => undefined), 'SignatureInvalid'],
    [
      'one whose signature is of another person',
      withProofs((proof) => ({ ...proof, subject: risk.subject })),
      'SignatureInvalid',
    ],
    [
      'one with a signature over another document',
      withProofs((proof) => ({ ...proof, nonce: 'another' })),
      'SignatureInvalid',
    ],
    [
      'one signed by a demo authenticator',
      withProofs((proof) => ({ ...proof, authenticator: 'demo' })),
      'DemoCredentialRefused',
    ],
    [
      'a document changed after it was signed',
      { ...complete, document: { action: 'launch', strategy: 'another' } },
      'DigestMismatch',
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(codeOf(verifyApproval(approval, state, START, 'refused')), code));
  }

  it('says how to be asked anew, whatever it was that people were asked, and speaks of a launch only where there is one', () => {
    const nextOf = (kind: ApprovalKind) => {
      const over = { ...complete, kind, expiresAt: START.toISOString() };
      const outcomes = [verifyApproval(over, state, START, 'refused'), approve(asked({ kind }), trader, LATE)];
      return outcomes.map((outcome) => (outcome instanceof Refusal ? [outcome.code, outcome.next] : outcome));
    };

    for (const kind of ApprovalKind.options) {
      const next = beginAgain(kind);
      assert.deepEqual(nextOf(kind), [
        ['ApprovalExpired', next],
        ['ApprovalExpired', next],
      ]);
      assert.equal(/launch/.test(next), ['launch-confirmation', 'flag-flip'].includes(kind), `${kind}: ${next}`);
    }
  });

  it('takes demo authenticators where they are accepted', () => {
    const demo = withProofs((proof) => ({ ...proof, authenticator: 'demo' }));

    assert.equal(verifyApproval(demo, state, START, 'accepted'), demo);
  });
});
