import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { RunId } from '../../../domain/ids.ts';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { changeApprovalGate } from '../../../domain/launch/change-approval-gate.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { confirmLive } from '../../../domain/launch/confirm-live.ts';
import { decideGoNoGo } from '../../../domain/launch/decide-go-no-go.ts';
import { deployArtifact } from '../../../domain/launch/deploy-artifact.ts';
import { disarmAndDisable } from '../../../domain/launch/disarm-and-disable.ts';
import { lockDeployment } from '../../../domain/launch/lock-deployment.ts';
import { openRun } from '../../../domain/launch/open-run.ts';
import { publishStrategyChange } from '../../../domain/launch/publish-strategy-change.ts';
import { parametersKey } from '../../../domain/launch/read-approved-change.ts';
import { releaseDeployment } from '../../../domain/launch/release-deployment.ts';
import { requirePreconditions } from '../../../domain/launch/require-preconditions.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { runSmokeValidation } from '../../../domain/launch/run-smoke-validation.ts';
import { validateParameters } from '../../../domain/launch/validate-parameters.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { gates, type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { signedManifest } from '../../fakes/signed-manifest.ts';
import { toldIn } from '../../fakes/told.ts';
import {
  ARTIFACT,
  LIMITS,
  launching,
  PARAMETERS,
  person,
  RUN,
  risk,
  STRATEGY,
  stateOf,
  trader,
} from '../../fakes/world.ts';

const leaseOf = (instanceId: string, epoch = 0) => ({
  id: leaseId(STRATEGY, instanceId),
  strategyId: STRATEGY,
  instanceId,
  epoch,
  grantedMode: 'ACTIVE' as const,
  grantedAt: '2026-11-24T12:00:00.000Z',
  expiresAt: '2026-11-24T12:00:05.000Z',
  report: { artifactDigest: ARTIFACT, limitsDigest: digestOf(LIMITS), parametersDigest: digestOf(PARAMETERS) },
});

describe('a launch', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
  });

  it('goes live through every step of the runbook, and the ledger tells the story', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    await armAndEnable(made.step, made.ports);
    for (const instance of ['btc-momentum-1', 'btc-momentum-2'])
      await made.store.put({ kind: 'LEASE', record: leaseOf(instance) });
    await confirmLive(made.step, made.ports);

    assert.deepEqual([stateOf(made).mode, made.flags.live, stateOf(made).maxOrdersPerSec], ['ACTIVE', true, 4]);
    assert.deepEqual(made.store.storyOf(STRATEGY), [
      'launch.requested',
      'launch.opened',
      'gates.judged',
      'orchestrator.lock',
      'deployment.attested',
      'parameters.validated',
      'approval.requested',
      'approval.signed',
      'approval.signed',
      'governance.strategy-change.recorded',
      'governance.strategy-change',
      'smoke.passed',
      'kill-path.probed',
      'go-no-go.decided',
      'approval.requested',
      'approval.signed',
      'launch.enabled',
      'launch.live',
      'orchestrator.released',
    ]);
    assert.deepEqual(
      made.executions.answered.map(({ token, outcome }) => `${token} ${outcome}`),
      ['token-1 succeeded', 'token-2 succeeded'],
    );
    assert.deepEqual(
      (await made.evidence.list('reports/live/2026-11-24/btc-momentum/')).map((key) => key.split('/').at(-1)),
      ['preconditions.json', 'deploy.log', 'smoke.json', 'kill-path.json', 'go-no-go.json'],
    );
    assert.ok(toldIn(made).some(({ text }) => text === 'Runbook: Launching btc-momentum'));
  });

  it('repeats every step without a second entry', async () => {
    await untilFlip(made);
    const story = made.store.storyOf(STRATEGY);

    await lockDeployment(made.step, made.ports);
    await deployArtifact(made.step, made.ports);
    await runSmokeValidation(made.step, made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY), story);
  });

  it('is never enabled without the flip', async () => {
    await untilFlip(made);

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'ApprovalClosed' });
    assert.equal(made.flags.live, false);
  });

  it('is never enabled at another epoch than the approvals', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 1 });

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'StaleEpoch' });
    assert.equal(made.flags.live, false);
  });

  it('is not enabled when the manifest expired while people signed', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    made.evidence.files.set(
      manifestKey(STRATEGY),
      Buffer.from(signedManifest({ ...made.approved, expiresAt: '2026-11-24T12:00:00.000Z' }, made.key)),
    );

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'PlanChanged', message: /the manifest expired/ });
  });

  it('is not enabled when a kill of another strategy froze all launches meanwhile', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    const freeze = {
      id: 'kill-other',
      scope: 'all' as const,
      source: 'kill' as const,
      reason: 'loss',
      runId: RUN,
      by: trader.subject,
      since: '2026-11-24T12:00:00.000Z',
    };
    await made.store.put({ kind: 'FREEZE', record: freeze });

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'LaunchesFrozen' });
    assert.deepEqual([made.flags.live, made.engines.calls.some((call) => call.startsWith('arm'))], [false, false]);
  });

  it('is aborted when somebody else writes the flag', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    made.flags.conflict = true;

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'FlagConflict' });
  });

  it('is not said to be live while an instance holds no lease of this epoch', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    await armAndEnable(made.step, made.ports);
    await made.store.put({ kind: 'LEASE', record: leaseOf('btc-momentum-1') });

    await assert.rejects(confirmLive(made.step, made.ports), { name: 'NotConfirmedLive' });
  });

  it('names the one stale instance, and does not go on', async () => {
    made.engines.attested = { ...made.engines.attested, artifactDigest: digestOf('an old artifact') };
    await lockDeployment(made.step, made.ports);

    await assert.rejects(
      deployArtifact(made.step, made.ports),
      ({ name, message }: Error) => name === 'ArtifactNotAttested' && message.includes('btc-momentum-1'),
    );
    await assert.rejects(validateParameters(made.step, made.ports), { name: 'ArtifactNotAttested' });
  });

  it('does not pass smoke with orders out of tolerance, nor with none', async () => {
    made.engines.smokeOrders = 0;
    await assert.rejects(runSmokeValidation(made.step, made.ports), { name: 'SmokeInconclusive' });
  });

  it('needs somebody to have confirmed before go/no-go and before the change is published', async () => {
    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'UnknownApproval' });
    await assert.rejects(publishStrategyChange(made.step, made.ports), { name: 'UnknownApproval' });
  });

  it('is sent home by a decline, with the reason', async () => {
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);

    const { reply } = await sign(made, 'launch-confirmation', risk, 'decline');

    assert.equal(reply.status, 'declined');
    assert.deepEqual(made.executions.answered, [{ token: 'token-1', outcome: 'ApprovalDeclined' }]);
  });

  it('is withdrawn in reverse: flag off, engines halted, unlocked, OFF, everybody told', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    await armAndEnable(made.step, made.ports);
    made.engines.unreachable.add('btc-momentum-2');

    await disarmAndDisable(made.step, made.ports);
    const cause = JSON.stringify({
      errorMessage: JSON.stringify({ message: 'no lease', next: 'look', facts: { findings: [{ check: 'x' }] } }),
    });
    await releaseDeployment({ ...made.step, failure: { Error: 'NotConfirmedLive', Cause: cause } }, made.ports);

    const { mode, lock, run } = stateOf(made);
    assert.deepEqual([mode, lock, run, made.flags.live], ['OFF', undefined, undefined, false]);
    assert.deepEqual((await made.store.get('RUN', RUN))?.failure, {
      code: 'NotConfirmedLive',
      message: 'no lease',
      next: 'look',
      findings: [{ check: 'x' }],
    });
  });

  it('tries again until the flag is really off', async () => {
    made.flags.disable = () => Promise.reject(new Error('AppConfig is down'));

    await assert.rejects(disarmAndDisable(made.step, made.ports), { message: 'AppConfig is down' });
  });

  it('leaves the state alone where a kill has taken over, but is withdrawn all the same', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', epoch: 1 });

    await releaseDeployment({ ...made.step, failure: { Error: 'StaleEpoch', Cause: 'plain words' } }, made.ports);

    assert.equal(stateOf(made).mode, 'KILLED');
    assert.equal((await made.store.get('RUN', RUN))?.failure?.message, 'plain words');
  });

  it('leaves the run and lock of a stop that has taken over', async () => {
    const stop = RunId.parse('stop-btc-momentum-20261124-0123456789ab');
    const lock = {
      runId: stop,
      actor: trader.subject,
      acquiredAt: '2026-11-24T12:00:00.000Z',
      expiresAt: '2026-11-24T13:00:00.000Z',
    };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'STOPPING', epoch: 1, run: { id: stop }, lock });

    await releaseDeployment({ ...made.step, failure: {} }, made.ports);

    assert.deepEqual([stateOf(made).mode, stateOf(made).run?.id, stateOf(made).lock?.runId], ['STOPPING', stop, stop]);
  });

  it('refuses a machine that was started by hand', async () => {
    const step = { ...made.step, runId: RunId.parse('launch-by-hand') };

    await assert.rejects(openRun(step, made.ports), { name: 'NoIntent' });
    await assert.rejects(changeApprovalGate(step, made.ports), { name: 'NoIntent' });
  });

  it('cannot lock what another run holds, and names the holder', async () => {
    const other = RunId.parse('launch-other');
    const lock = {
      runId: other,
      actor: trader.subject,
      acquiredAt: '2026-11-24T11:00:00.000Z',
      expiresAt: '2026-11-24T13:00:00.000Z',
    };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), lock });

    await assert.rejects(lockDeployment(made.step, made.ports), {
      name: 'DeploymentLocked',
      facts: {
        ...{ heldBy: other, actor: trader.subject, action: 'run', ticket: null },
        ...{ since: lock.acquiredAt, until: lock.expiresAt },
      },
    });
  });

  it('takes over a lock that has expired, and says so in the ledger', async () => {
    const lock = {
      runId: RunId.parse('launch-other'),
      actor: trader.subject,
      acquiredAt: '2026-11-24T10:00:00.000Z',
      expiresAt: '2026-11-24T11:00:00.000Z',
    };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), lock });

    const { epoch } = await lockDeployment(made.step, made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY).slice(-2), ['orchestrator.takeover', 'orchestrator.lock']);
    assert.deepEqual([epoch, stateOf(made).epoch, (await made.store.get('RUN', RUN))?.epoch], [1, 1, 1]);
  });

  it('is refused with every finding when the preconditions say no', async () => {
    made.evidence.files.set(LIMITS_KEY, Buffer.from('strategies: {}'));

    await assert.rejects(requirePreconditions({ ...made.step, gates: await gates(made) }, made.ports), {
      name: 'RiskEnvelopeMismatch',
    });
    assert.equal(made.store.storyOf(STRATEGY).at(-1), 'gates.judged');
  });

  for (const [what, key, content, code] of [
    ['limits', LIMITS_KEY, '{}', 'RiskEnvelopeMismatch'],
    ['parameters', parametersKey(STRATEGY), '[]', 'ParametersNotApproved'],
    ['a manifest', manifestKey(STRATEGY), 'x', 'ManifestTampered'],
  ] as const) {
    it(`does not deploy ${what} changed after the gate`, async () => {
      made.evidence.files.set(key, Buffer.from(content));
      await assert.rejects(deployArtifact(made.step, made.ports), { name: code });
    });

    it(`does not deploy with ${what} gone`, async () => {
      made.evidence.files.delete(key);
      await assert.rejects(
        deployArtifact(made.step, made.ports),
        ({ name }: Error) => name === code || name === 'ManifestMissing',
      );
    });
  }

  it('does not take one person for two', async () => {
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
    await sign(made, 'launch-confirmation', trader);

    const both = {
      ...person('trader', 'risk-officer'),
      roles: ['execution-trader', 'risk-officer'] as Caller['roles'],
    };
    const approval = await made.store.get('APPROVAL', approvalId({ runId: RUN }, 'launch-confirmation'));
    assert.ok(approval);
    await assert.rejects(
      decideApproval(approval.id, { caller: both, decision: 'approve', digest: approval.digest }, 'k', made.ports),
      { name: 'SamePerson' },
    );
    await assert.rejects(
      decideApproval(
        'nothing' as never,
        { caller: both, decision: 'approve', digest: approval.digest },
        'k',
        made.ports,
      ),
      { name: 'UnknownApproval' },
    );
  });
});
