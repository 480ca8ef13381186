import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Approval } from '../../cli/replies.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, isWithdrawn, killed, launchedUntil, startLaunch } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';
import { type Attempt, signer } from './signer.ts';
import { secondsAgo } from './tokens.ts';
import { told } from './told.ts';

const SECRET_LEVEL = 'urn:cognito:loa:1';

describe('runbook 2.3: two people sign exactly this plan, and nothing else is a signature', {
  skip: !isDeep && DEEP,
}, () => {
  const here = onALocalHost();
  const by = signer(here);
  /** What was tried and what it was answered with: the matrix, as it came out. */
  const matrix: Record<string, string> = {};
  let plan: Approval;
  let earlier: Approval;
  /** The attempt is refused by this code, and the question is as open as before, with not one signature more. */
  const refuses = async (what: string, attempt: () => Promise<Attempt>, code: string, status: number) => {
    const { as, token, body } = await attempt();
    const path = `/v1/approvals/${plan.id}/signatures`;
    const reply = await here.ask(path, { ...(token === undefined ? { as } : { token }), body });
    isRefusal(reply, code, status);
    const { signatures, status: after } = await here.question(plan.runId, plan.kind);
    assert.deepEqual([after, signatures.length], ['open', plan.signatures.length]);
    matrix[what] = code;
  };

  it('a no is final, and a yes after it comes too late', async () => {
    const run = await launchedUntil(here, EUR, 'the second confirmation');
    const asked = await here.question(run, 'launch-confirmation');
    earlier = asked;

    assert.equal((await answer(here, asked, 'risk', 'decline')).status, 200);

    isRefusal(await answer(here, asked, 'risk'), 'ApprovalClosed', 410);
    await isWithdrawn(here, run, EUR, 'ApprovalDeclined');
    matrix['decline, then approve'] = 'ApprovalClosed';
  });

  it('the plan that is shown before anybody acts is the plan that is signed, under the same digest', async () => {
    const { code, lines } = await here.cli('deploy', '--plan', '--env', 'prod', '--strategy', BTC, '--as', 'auditor');

    const { planDigest, plan: shown, verdict } = Object(lines[0]);
    assert.deepEqual([code, verdict, (await here.view(BTC)).mode], [0, 'go', 'OFF']);
    plan = await here.question(await launchedUntil(here, BTC, 'two confirmations'), 'launch-confirmation');
    assert.deepEqual([plan.document['planDigest'], plan.document['plan']], [planDigest, shown]);
  });

  it('nothing that a person could hand in but their own signature over this plan is taken for it', async () => {
    const { document, digest } = plan;
    const other = (changes: object) => digestOf({ ...document, ...changes });
    const yes = (as: Attempt['as'], changes?: Parameters<typeof by.approves>[2]) => () =>
      by.approves(as, plan, changes);
    const replay = async () => by.replayed('trader', plan, earlier.signatures[0]);
    const over = (wrong: string) => async () => ({ ...(await by.approves('trader', { digest: wrong })) });
    const claiming = (wrong: string) => async () => ({
      as: 'trader' as const,
      body: { ...(await by.approves('trader', { digest: wrong })).body, digest },
    });

    await refuses('a replay of an earlier launch', replay, 'WrongChallenge', 409);
    await refuses(
      'cross-action: signed for a flip',
      claiming(other({ action: 'enable live trading' })),
      'WrongChallenge',
      409,
    );
    await refuses('cross-environment: signed for uat', claiming(other({ environment: 'uat' })), 'WrongChallenge', 409);
    await refuses('a signature over another nonce', claiming(other({ nonce: 'f'.repeat(32) })), 'WrongChallenge', 409);
    await refuses('wrong digest', over(other({ epoch: 9 })), 'DigestMismatch', 409);
    await refuses('a digest of another strategy', over(earlier.digest), 'DigestMismatch', 409);
    await refuses(
      'no signature at all',
      async () => ({ as: 'trader', body: { decision: 'approve', digest } }),
      'SignatureMissing',
      403,
    );
    await refuses('UV=0: nobody was verified', yes('trader', { flags: 0x01 }), 'UserNotVerified', 403);
    await refuses('nobody was even there', yes('trader', { flags: 0x00 }), 'UserNotVerified', 403);
    await refuses('wrong origin', yes('trader', { origin: 'https://tradepulse.example.com' }), 'WrongOrigin', 403);
    await refuses('wrong RP id', yes('trader', { rpId: 'example.com' }), 'WrongRelyingParty', 403);
    await refuses(
      'an enrolment in place of a signature',
      yes('trader', { type: 'webauthn.create' }),
      'SignatureInvalid',
      403,
    );
    await refuses('unknown credential', () => by.stranger('trader', plan), 'UnknownCredential', 404);
    await refuses(
      'same device: that of another person',
      () => by.withDeviceOf('risk', 'trader', plan),
      'CredentialOfAnother',
      403,
    );
    await refuses('tampered clientDataJSON', () => by.tampered('trader', plan), 'SignatureInvalid', 403);
    await refuses('another key under a known id', () => by.forged('trader', plan), 'SignatureInvalid', 403);
    await refuses('the key of a device', () => by.device('trader', plan), 'InvalidRequest', 400);
    await refuses('counter regress', yes('trader', { counter: 1 }), 'CounterRegressed', 403);
  });

  it('nobody signs who may not, in the wrong role, or with a login that is old or weak', async () => {
    const { digest } = plan;
    const yes = (as: Attempt['as']) => () => by.approves(as, plan);
    const withToken = (changes: Parameters<typeof here.tokenOf.issued>[1]) => async () => ({
      ...(await by.approves('trader', plan)),
      token: await here.tokenOf.issued('trader', changes),
    });

    await refuses('role swap: a quant in place of a trader', yes('quant'), 'WrongRole', 403);
    await refuses(
      'an auditor who declines',
      async () => ({ as: 'auditor', body: { decision: 'decline', digest } }),
      'WrongRole',
      403,
    );
    await refuses('a login of ten minutes ago', withToken({ auth_time: secondsAgo(600) }), 'SecondFactorStale', 403);
    await refuses('a login without a second factor', withToken({ acr: SECRET_LEVEL }), 'SecondFactorMissing', 403);
    const revoked = await by.revoked('trader2');
    await refuses('revoked key', revoked(plan), 'CredentialRevoked', 403);
  });

  it('one person is not two, nor are two traders a trader and a risk officer', async () => {
    assert.equal((await answer(here, plan, 'trader')).status, 200);
    plan = await here.question(plan.runId, plan.kind);
    const again = () => by.approves('trader', plan);
    const trader2 = () => by.approves('trader2', plan);

    await refuses('same person', again, 'SamePerson', 409);
    await refuses('a second trader in place of the risk officer', trader2, 'AlreadyDecided', 409);
  });

  it('limits edited after approval: the plan is void, its asker is told what changed, and the launch ends', async () => {
    const edited = (text: string) => text.replace(/leverageCap: ?[\d.]+/, 'leverageCap: 1.5');
    const limits = here.evidence.limitsKey;

    const refused = await here.evidence.tampered(limits, edited, async () => {
      const seen = await here.look(`/v1/approvals/${plan.id}`);
      assert.deepEqual([seen['stands'], seen['status']], [false, 'open']);
      assert.match(JSON.stringify(seen['changed']), /limits\.leverageCap/);
      return answer(here, plan, 'risk');
    });

    const { detail } = isRefusal(refused, 'PlanChanged', 409);
    assert.match(detail, /limits\.leverageCap was [\d.]+, is 1\.5/);
    const failure = await isWithdrawn(here, plan.runId, BTC, 'PlanChanged');
    assert.match(String(failure?.message), /limits\.leverageCap/);
    await told(here, { trigger: 'approval-void', run: plan.runId }, ['#trading-ops']);
    matrix['limits edited after approval'] = 'PlanChanged';
  });

  it('parameter edited: what both have signed carries nothing once it is not what would be launched', async () => {
    const run = await startLaunch(here, BTC);
    const asked = await here.question(run, 'launch-confirmation');
    const edited = (text: string) => JSON.stringify({ ...JSON.parse(text), added: 1 });

    await here.evidence.tampered(here.evidence.parametersKey(BTC), edited, async () => {
      isRefusal(await answer(here, asked, 'trader'), 'PlanChanged', 409);
      isRefusal(await answer(here, asked, 'risk'), 'PlanChanged', 409);
    });

    await isWithdrawn(here, run, BTC, 'PlanChanged');
    const types = (await here.log(BTC)).entries.map(({ entry }) => entry).filter((entry) => entry['run'] === run);
    assert.equal(types.filter(({ type }) => type === 'approval.voided').length, 1);
    assert.ok(types.every(({ type }) => type !== 'approval.signed'));
    matrix['parameter edited'] = 'PlanChanged';
  });

  it('stale epoch: a kill ends what was asked; and whoever killed does not confirm that kill', async () => {
    const run = await launchedUntil(here, BTC, 'two confirmations');
    const asked = await here.question(run, 'launch-confirmation');
    const kill = await killed(here, BTC, 'trader', 'stop all of it');

    isRefusal(await answer(here, asked, 'risk'), 'StaleEpoch', 409);
    matrix['stale epoch'] = 'StaleEpoch';
    const confirmation = await here.question(kill, 'kill-confirmation');
    assert.equal((await answer(here, confirmation, 'trader')).status, 200); // their own signature, in their own place
    isRefusal(await answer(here, confirmation, 'trader'), 'ConfirmerIsInitiator', 409);
    matrix['approve by the killer'] = 'ConfirmerIsInitiator';
  });

  it('every signature that was taken stands in the ledger with authenticator, nonce and counter', async () => {
    const signed = (await here.log(BTC)).entries
      .map(({ entry }) => Object(entry))
      .filter(({ type }) => type === 'approval.signed');

    assert.ok(signed.length >= 2);
    for (const { payload, proofs } of signed) {
      const [proof] = proofs;
      assert.deepEqual(
        [proof.method, proof.authenticator, proof.digest, proof.nonce],
        ['webauthn', 'demo', payload.digest, payload.nonce],
      );
      assert.ok(proof.counter > 0 && proof.credential && proof.authTime);
    }
  });

  it('has tried everything that the matrix of two people promises', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);

    assert.ok(Object.keys(matrix).length >= 28, JSON.stringify(matrix, null, 2));
  });
});
