import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { changeApprovalGate } from '../../../domain/launch/change-approval-gate.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { ciHealthGate } from '../../../domain/launch/ci-health-gate.ts';
import { decideGoNoGo } from '../../../domain/launch/decide-go-no-go.ts';
import { requirePreconditions } from '../../../domain/launch/require-preconditions.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { publishManifest } from '../../../domain/manifest/publish-manifest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { gates, type Launching, sign, untilFlip, untilGoNoGo } from '../../fakes/launch-steps.ts';
import { type Approved, COMMIT, signedManifest } from '../../fakes/signed-manifest.ts';
import { launching, STRATEGY, trader } from '../../fakes/world.ts';

const SOON = '2026-11-24T12:02:00.000Z';

describe('a manifest, while a launch is under way', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
    const soon = signedManifest({ ...made.approved, expiresAt: SOON }, made.key);
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(soon));
  });
  const publish = (changes: Partial<Approved>) =>
    publishManifest(
      {
        ...{ strategyId: STRATEGY, actor: trader.subject, key: 'sub-trader/publish-1' },
        envelope: JSON.parse(signedManifest({ ...made.approved, ...changes }, made.key)),
      },
      { ...made.ports, manifests: made.evidence },
    );
  const saysNo = (step: Promise<unknown>, told: RegExp) =>
    assert.rejects(step, (error: unknown) => {
      assert.ok(error instanceof Refusal);
      assert.match(`${error.code} ${error.message} ${JSON.stringify(error.facts)}`, told);
      return true;
    });

  it('that expires between approval and go is a no-go', async () => {
    await untilGoNoGo(made);
    made.pass(120_000);

    await saysNo(decideGoNoGo(made.step, made.ports), /the manifest expired at 2026-11-24T12:02/);
  });

  it('that expires between go and enable arms nothing', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    made.pass(120_000);

    await saysNo(armAndEnable(made.step, made.ports), /the manifest expired at 2026-11-24T12:02/);

    assert.equal(made.flags.live, false);
  });

  it('that is taken away before the gates judge ends it at once', async () => {
    const { step, ports } = made;
    made.evidence.files.delete(manifestKey(STRATEGY));

    await assert.rejects(requirePreconditions({ ...step, gates: await gates(made) }, ports), {
      name: 'ManifestMissing',
    });
  });

  it('that is published after the gates judged, and before anybody is asked, is never asked about', async () => {
    const { step, ports } = made;
    await requirePreconditions({ ...step, gates: await gates(made) }, ports);
    await publish({ commit: 'dead'.repeat(10), ticket: 'TP-2' });

    await saysNo(askForTwoConfirmations({ ...step, taskToken: 'token-1' }, ports), /PlanChanged another manifest was/);
  });

  it('that is published while the gates judge is never asked about either', async () => {
    const { step, ports } = made;
    const before = await changeApprovalGate(step, ports);
    await publish({ commit: COMMIT, issuedAt: '2026-11-20T00:00:00Z' });
    await requirePreconditions({ ...step, gates: [before, await ciHealthGate(step, ports)] }, ports);

    await saysNo(askForTwoConfirmations({ ...step, taskToken: 'token-1' }, ports), /PlanChanged another manifest was/);
  });

  for (const [what, changes] of [
    ['another artifact', { artifact: digestOf('another artifact') }],
    ['another commit', { commit: 'dead'.repeat(10) }],
    ['another ticket', { ticket: 'TP-2' }],
  ] as const) {
    it(`that is published for ${what} ends it before go, whoever has signed`, async () => {
      await untilGoNoGo(made);
      await publish(changes);

      await saysNo(decideGoNoGo(made.step, made.ports), /NoGo|PlanChanged/);
    });

    it(`that is published for ${what} ends it after go, too`, async () => {
      await untilFlip(made);
      await sign(made, 'flag-flip', trader);
      await publish(changes);

      await saysNo(armAndEnable(made.step, made.ports), /PlanChanged/);

      assert.equal(made.flags.live, false);
    });
  }
});
