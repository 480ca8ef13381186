import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { verifyApproval } from '../../../domain/approval/verify-approval.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { parametersKey } from '../../../domain/launch/read-approved-change.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { requireUnchanged } from '../../../domain/plan/require-unchanged.ts';
import { voidChangedApprovals } from '../../../domain/plan/void-changed-approvals.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { toldIn } from '../../fakes/told.ts';
import { LIMITS, launching, PARAMETERS, REGISTRATION, risk, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const confirmationOf = async ({ store, step }: Launching) => {
  const approval = await store.get('APPROVAL', approvalId(step, 'launch-confirmation'));
  assert.ok(approval);
  return approval;
};
const lowerRate = ({ store }: Launching) => {
  const policy = { ...REGISTRATION.policy, maxOrdersPerSec: 1 };
  return store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy } });
};
const editLimits = ({ evidence }: Launching) => {
  const edited = { version: 1, strategies: { [STRATEGY]: { ...LIMITS, leverageCap: 3.5 } } };
  evidence.files.set(LIMITS_KEY, Buffer.from(JSON.stringify(edited)));
};
const editParameters = ({ evidence }: Launching) =>
  void evidence.files.set(parametersKey(STRATEGY), Buffer.from(JSON.stringify({ ...PARAMETERS, window: 21 })));
const refusalOf = async (act: Promise<unknown>): Promise<Refusal> => {
  const error = await act.then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Refusal, String(error));
  return error;
};
const told = (made: Launching) => toldIn(made).map(({ text }) => text);

describe('a plan that people sign', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
  });

  it('has the digest under which it was shown, and stands whole in the document', async () => {
    const { document } = await confirmationOf(made);

    const shown = await made.ports.plans.now(STRATEGY);

    assert.ok('plan' in shown);
    assert.deepEqual([document['planDigest'], document['plan']], [digestOf(shown.plan), shown.plan]);
  });

  for (const [what, edit, path] of [
    ['limits edited after the question', editLimits, 'limits.leverageCap was 3, is 3.5'],
    ['a parameter edited after the question', editParameters, 'parameters.window was 20, is 21'],
    ['another rate configured after the question', lowerRate, 'policy.maxOrdersPerSec was 5, is 1'],
  ] as const) {
    it(`is signed by nobody with ${what}: the question is void in that very write, and everybody learns what changed`, async () => {
      await sign(made, 'launch-confirmation', trader);
      await edit(made);

      const refusal = await refusalOf(sign(made, 'launch-confirmation', risk));

      assert.equal(refusal.code, 'PlanChanged');
      assert.match(JSON.stringify(refusal.facts), new RegExp(path.split(' ')[0] ?? ''));
      assert.equal((await confirmationOf(made)).status, 'void');
      assert.equal(made.store.storyOf(STRATEGY).at(-1), 'approval.voided');
      assert.ok(
        told(made).some((text) => /holds no longer/.test(text)),
        told(made).join('\n'),
      );
      assert.deepEqual(
        made.executions.answered.map(({ token, outcome }) => [token, outcome]),
        [['token-1', 'PlanChanged']],
      );
    });
  }

  it('stays void when the world is as it was again, says so to the next who signs, and repeats itself to the same key', async () => {
    await lowerRate(made);
    await refusalOf(sign(made, 'launch-confirmation', trader));
    await made.store.put({ kind: 'REGISTRATION', record: REGISTRATION });

    assert.equal((await refusalOf(sign(made, 'launch-confirmation', risk))).code, 'PlanChanged');
    assert.equal((await refusalOf(sign(made, 'launch-confirmation', trader))).code, 'PlanChanged');
    assert.equal((await refusalOf(requireUnchanged(made.step, made.ports))).code, 'PlanChanged');
    assert.equal(made.store.storyOf(STRATEGY).filter((type) => type === 'approval.voided').length, 1);
  });

  it('can be declined whatever has changed: no is the safer answer', async () => {
    await lowerRate(made);

    const { reply } = await sign(made, 'launch-confirmation', risk, 'decline');

    assert.equal(reply.status, 'declined');
  });

  it('is voided by nobody who may not sign it', async () => {
    await lowerRate(made);
    const approval = await confirmationOf(made);
    const quant = { ...risk, roles: ['quant' as const] };

    const refusal = await refusalOf(
      decideApproval(approval.id, signedAnswer(made, quant, approval), 'key', made.ports),
    );

    assert.deepEqual([refusal.code, (await confirmationOf(made)).status], ['WrongRole', 'open']);
  });
});

describe('requireUnchanged', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
  });

  it('answers the approval as long as the plan stands', async () => {
    await untilFlip(made);

    assert.equal((await requireUnchanged(made.step, made.ports)).status, 'complete');
  });

  it('voids what was signed by both once the world changes, and nothing that relies on it passes any more', async () => {
    await untilFlip(made);
    editLimits(made);

    const { code, message, next } = await refusalOf(requireUnchanged(made.step, made.ports));

    const approval = await confirmationOf(made);
    const verified = verifyApproval(approval, stateOf(made), made.clock.now, 'refused');
    assert.deepEqual(
      [code, approval.status, verified instanceof Refusal && verified.code],
      ['PlanChanged', 'void', 'PlanChanged'],
    );
    assert.match(message, /limits\.leverageCap was 3, is 3\.5/);
    assert.match(next, /start the launch again/);
  });

  it('names the first three changes, and how many more there are', async () => {
    await untilFlip(made);
    await made.store.put({
      kind: 'REGISTRATION',
      record: { ...REGISTRATION, desk: 'fx', environment: 'uat', engines: REGISTRATION.engines.slice(0, 1) },
    });

    assert.match((await refusalOf(requireUnchanged(made.step, made.ports))).message, /; and \d+ more$/);
  });

  it('refuses a run that nobody was asked about', async () => {
    assert.equal((await refusalOf(requireUnchanged(made.step, made.ports))).code, 'UnknownApproval');
  });

  it('lets no trader flip what is not what was confirmed', async () => {
    await untilFlip(made);
    await lowerRate(made);

    assert.equal((await refusalOf(sign(made, 'flag-flip', trader))).code, 'PlanChanged');
    assert.equal(made.flags.live, false);
  });

  it('voids nothing that is over already', async () => {
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
    await sign(made, 'launch-confirmation', risk, 'decline');
    await lowerRate(made);

    await refusalOf(requireUnchanged(made.step, made.ports));

    assert.equal((await confirmationOf(made)).status, 'declined');
    assert.ok(!made.store.storyOf(STRATEGY).includes('approval.voided'));
  });
});

describe('voidChangedApprovals', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
  });

  it('voids what waits while nobody looks, once, tells whoever asked, and ends the launch', async () => {
    assert.equal(await voidChangedApprovals(made.ports), 0);
    await lowerRate(made);

    assert.deepEqual([await voidChangedApprovals(made.ports), await voidChangedApprovals(made.ports)], [1, 0]);

    assert.equal((await confirmationOf(made)).status, 'void');
    assert.deepEqual(
      made.executions.answered.map(({ outcome }) => outcome),
      ['PlanChanged'],
    );
    assert.ok(told(made).some((text) => /holds no longer/.test(text)));
  });

  it('leaves alone what is over by then, what has expired, and what nobody waits for', async () => {
    await lowerRate(made);
    const asked = await confirmationOf(made);
    const list = made.store.list.bind(made.store);
    made.store.list = (async () => [asked]) as never; // as a list that lags shows it
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, status: 'declined' } });
    assert.equal(await voidChangedApprovals(made.ports), 0);
    made.store.list = list;

    const { taskToken: _none, ...unwaited } = asked;
    await made.store.put({ kind: 'APPROVAL', record: unwaited });
    assert.equal(await voidChangedApprovals(made.ports), 1);
    await made.store.put({ kind: 'APPROVAL', record: asked });
    made.pass(1_800_000);
    assert.equal(await voidChangedApprovals(made.ports), 0);
    assert.deepEqual(made.executions.answered, []);
  });

  it('is overtaken by whoever settles the question in that very moment', async () => {
    await lowerRate(made);
    const asked = await confirmationOf(made);
    const commit = made.store.commit.bind(made.store);
    made.store.commit = async () => {
      made.store.commit = commit;
      await made.store.put({ kind: 'APPROVAL', record: { ...asked, status: 'declined' } });
      return undefined; // lost the race
    };

    assert.equal(await voidChangedApprovals(made.ports), 0);
    assert.equal((await confirmationOf(made)).status, 'declined');
  });
});
