import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Approval } from '../../../domain/approval/approval.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { verifyApproval } from '../../../domain/approval/verify-approval.ts';
import type { Ceremony } from '../../../domain/crypto/software-authenticator.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Credential } from '../../../domain/signature/credential.ts';
import type { Launching } from '../../fakes/launch-steps.ts';
import { assertionOf, authenticatorOf, passkeyOf } from '../../fakes/passkeys.ts';
import { launching, person, risk, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const OTHER = 'the same plan in another world';
let made: Launching;
let asked: Approval;

const approvalNow = async () => {
  const approval = await made.store.get('APPROVAL', approvalId(made.step, 'launch-confirmation'));
  return approval ?? assert.fail('nobody was asked');
};
beforeEach(async () => {
  made = await launching();
  await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
  asked = await approvalNow();
});
let attempts = 0;
const decide = (caller: Caller, more: object, decision: 'approve' | 'decline' = 'approve') => {
  attempts += 1;
  const command = { caller, decision, digest: asked.digest, ...more };
  return decideApproval(asked.id, command, `key-${attempts}`, made.ports);
};
const signs = (caller = trader, changes: Partial<Ceremony> = {}) =>
  decide(caller, { assertion: assertionOf(made, caller, asked.digest, changes) });
const enrolled = (changes: object) =>
  made.store.records.set(`CREDENTIAL#${authenticatorOf(trader.subject).id}`, {
    kind: 'CREDENTIAL',
    record: { ...passkeyOf(trader.subject), ...changes } as Credential,
  });
/** The document that was asked about, with changes, put into the store as if it had been asked so: signed by nobody yet. */
const askedAbout = async (changes: (document: Approval['document']) => object) => {
  const document = { ...asked.document, ...changes(asked.document) };
  asked = { ...asked, document, digest: digestOf(document) };
  await made.store.put({ kind: 'APPROVAL', record: asked });
};
const planWith = (changes: object) => (document: Approval['document']) => ({
  plan: { ...Object(document['plan']), ...changes },
});
const after = (ms: number, caller = trader): Caller => {
  made.pass(ms);
  return { ...caller, authTime: made.clock.now.getTime() };
};

/** What is tried, and the reason for which it is refused: the part of the matrix that takes odd clocks, keys and manifests. */
const MATRIX: readonly (readonly [what: string, code: string, attempt: () => unknown])[] = [
  ['same person', 'SamePerson', async () => signs().then(() => signs())],
  [
    'another person of the same role',
    'AlreadyDecided',
    async () => signs().then(() => signs(person('t2', 'execution-trader'))),
  ],
  ['same device', 'CredentialOfAnother', () => decide(risk, { assertion: assertionOf(made, trader, asked.digest) })],
  [
    'replay of the same assertion by another key of the command',
    'SamePerson',
    async () => {
      const assertion = assertionOf(made, trader, asked.digest);
      await decide(trader, { assertion });
      return decide(trader, { assertion });
    },
  ],
  [
    'cross-action',
    'WrongChallenge',
    () =>
      decide(trader, {
        assertion: assertionOf(made, trader, digestOf({ ...asked.document, action: 'enable live trading' })),
      }),
  ],
  [
    'cross-environment',
    'WrongChallenge',
    () => decide(trader, { assertion: assertionOf(made, trader, digestOf({ ...asked.document, environment: 'uat' })) }),
  ],
  [
    'stale epoch',
    'StaleEpoch',
    () => {
      made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 1 });
      return signs();
    },
  ],
  ['expired, to the millisecond', 'ApprovalExpired', () => signs(after(1_800_000))],
  [
    'wrong digest',
    'DigestMismatch',
    () => decide(trader, { digest: digestOf(OTHER), assertion: assertionOf(made, trader, digestOf(OTHER)) }),
  ],
  ['role swap', 'WrongRole', () => signs(person('q', 'quant'))],
  ['UV=0', 'UserNotVerified', () => signs(trader, { flags: 0x01 })],
  [
    'counter regress',
    'CounterRegressed',
    () => {
      enrolled({ counter: 7 });
      return signs(trader, { counter: 7 });
    },
  ],
  [
    'revoked key',
    'CredentialRevoked',
    () => {
      enrolled({ status: 'revoked', revokedAt: '2026-11-24T11:00:00.000Z' });
      return signs();
    },
  ],
  [
    'a key that nobody has approved yet',
    'CredentialNotApproved',
    () => {
      enrolled({ status: 'proposed' });
      return signs();
    },
  ],
  [
    'a demo authenticator where none counts',
    'DemoCredentialRefused',
    () => {
      enrolled({ authenticator: 'demo' });
      made.ports.webauthn = Object.assign(Object.create(made.ports.webauthn), { demoAuthenticators: 'refused' });
      return signs();
    },
  ],
  [
    'device key',
    'DeviceKeyRefused',
    () => {
      const key = { type: 'device-key', id: 'device:desk', roles: [], publicKey: 'AA', label: 'desk' };
      enrolled({ ...key });
      return signs();
    },
  ],
  [
    'unknown credential',
    'UnknownCredential',
    () => decide(trader, { assertion: { ...assertionOf(made, trader, asked.digest), id: 'nobody-s-key-at-all-' } }),
  ],
  [
    'tampered clientDataJSON',
    'SignatureInvalid',
    () => {
      const assertion = assertionOf(made, trader, asked.digest);
      const said = JSON.parse(Buffer.from(assertion.response.clientDataJSON, 'base64url').toString());
      const clientDataJSON = Buffer.from(JSON.stringify({ ...said, added: 1 })).toString('base64url');
      return decide(trader, { assertion: { ...assertion, response: { ...assertion.response, clientDataJSON } } });
    },
  ],
  ['wrong origin', 'WrongOrigin', () => signs(trader, { origin: 'https://example.com' })],
  ['wrong RP id', 'WrongRelyingParty', () => signs(trader, { rpId: 'example.com' })],
  [
    'decline, then approve',
    'ApprovalClosed',
    async () => decide(risk, { reason: 'no' }, 'decline').then(() => signs()),
  ],
  [
    'a login of six minutes ago',
    'SecondFactorStale',
    () => {
      made.pass(360_000);
      return signs();
    },
  ],
  ['nothing signed at all', 'SignatureMissing', () => decide(trader, {})],
  [
    'the only signer of the manifest',
    'ManifestSigner',
    async () => {
      await askedAbout(
        planWith({ manifest: { digest: asked.digest, signers: [trader.subject], expiresAt: asked.expiresAt } }),
      );
      return signs();
    },
  ],
  [
    'a signer of an override in the plan',
    'OverrideSigner',
    async () => {
      const override = {
        id: 'override-1',
        checks: [],
        reason: 'r',
        expiresAt: asked.expiresAt,
        signers: [trader.subject],
      };
      await askedAbout(planWith({ overrides: [override] }));
      return signs();
    },
  ],
  [
    'a document that binds no plan at all',
    'PlanChanged',
    async () => {
      await askedAbout(() => ({ plan: undefined }));
      return signs();
    },
  ],
];

describe('two people sign a launch', () => {
  for (const [what, code, attempt] of MATRIX)
    it(`not by ${what}: ${code}`, async () => {
      const refused: unknown = await Promise.resolve(attempt()).catch((error: unknown) => error);

      assert.ok(refused instanceof Refusal, String(refused));
      assert.equal(refused.code, code, refused.message);
      assert.ok(refused.message.length > 10 && refused.next.length > 3);
      assert.notEqual((await approvalNow()).status, 'complete');
    });

  it('by a trader and a risk officer, the last millisecond before it expires, also where two others have signed the manifest with them', async () => {
    const signers = [trader.subject, risk.subject];
    await askedAbout(planWith({ manifest: { ...Object(Object(asked.document['plan']).manifest), signers } }));
    made.ports.plans = { ...made.ports.plans, now: async () => ({ plan: asked.document['plan'] as never }) };
    const late = after(1_799_999);

    await signs(late);
    await signs({ ...risk, authTime: late.authTime });

    assert.equal((await approvalNow()).status, 'complete');
  });

  it('carries nothing once somebody edits the item so that an author has signed it', async () => {
    await signs();
    await signs(risk);
    const whole = await approvalNow();
    const plan = { ...Object(whole.document['plan']), manifest: { signers: [trader.subject] }, overrides: [] };
    const edited = { ...whole, document: { ...whole.document, plan } };

    const verified = verifyApproval(
      { ...edited, digest: digestOf(edited.document) },
      stateOf(made),
      made.clock.now,
      'refused',
    );

    assert.equal(verified instanceof Refusal && verified.code, 'ManifestSigner');
  });
});
