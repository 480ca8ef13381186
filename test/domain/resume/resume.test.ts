import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { ExecutionStatusChange, followExecution } from '../../../domain/follow-execution.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { confirmLive } from '../../../domain/launch/confirm-live.ts';
import { disarmAndDisable } from '../../../domain/launch/disarm-and-disable.ts';
import { releaseDeployment } from '../../../domain/launch/release-deployment.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { armAgain } from '../../../domain/resume/arm-again.ts';
import { checkPreconditions } from '../../../domain/resume/check-preconditions.ts';
import { decideResumption } from '../../../domain/resume/decide-resumption.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { abortWaiting } from '../../../domain/stop/abort-waiting.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedManifest } from '../../fakes/signed-manifest.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { RUN, risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { LOADED, leasesRenewed, requested, safeWorld, sign, untilArmed, untilAsked } from './a-safe-strategy.ts';

const failure = { Error: 'NotConfirmedLive', Cause: 'no lease' };
const storyAfterExpiry = ({ store }: World) => {
  const story = store.storyOf(STRATEGY);
  return story.slice(story.indexOf('lease.expired') + 1);
};

describe('a resumption', () => {
  let made: World;
  let step: RunStep;
  beforeEach(async () => {
    made = await safeWorld();
    step = await requested(made);
  });

  it('goes from SAFE to trading when books agree and two people have signed, and the ledger tells the story', async () => {
    const held = await untilArmed(made, step);
    assert.equal(stateOf(made).mode, 'SAFE', 'it stays SAFE until it is armed');
    await armAgain(held, made.ports);
    await leasesRenewed(made);
    await confirmLive(held, made.ports);

    const { mode, run, lock, epoch } = stateOf(made);
    assert.deepEqual(
      [mode, run, lock, epoch, made.flags.live],
      ['ACTIVE', { id: step.runId, ticket: 'TP-1' }, undefined, 1, true],
    );
    assert.deepEqual(storyAfterExpiry(made), [
      ...['resume.requested', 'resume.opened', 'gates.judged', 'orchestrator.lock', 'resume.reconciled'],
      ...['parameters.validated', 'approval.requested', 'approval.signed', 'approval.signed', 'go-no-go.decided'],
      ...['resume.enabled', 'resume.live', 'orchestrator.released'],
    ]);
    assert.deepEqual(
      [...new Set(toldIn(made).map(({ text }) => text))].toSorted(),
      ['Runbook: Resuming btc-momentum: the network is back', 'btc-momentum is live again'].toSorted(),
    );
    assert.ok(!made.engines.calls.some((call) => /^(deploy|smoke)/.test(call)), 'nothing is deployed or replayed');
  });

  it('has people sign what happened, what is resumed, and that books agree', async () => {
    const { reconciliationDigest } = await untilAsked(made, step);

    const asked = await made.store.get('APPROVAL', approvalId(step, 'resume'));

    const { nonce: _nonce, expiresAt: _until, whatHappened, ...document } = asked?.document ?? {};
    assert.deepEqual(asked?.requiredRoles, ['execution-trader', 'risk-officer']);
    assert.deepEqual(document, {
      ...{ action: 'resume', strategy: STRATEGY, run: step.runId, environment: 'prod', ticket: 'TP-1', epoch: 1 },
      ...{ resumes: RUN, reason: 'the network is back', reconciliationDigest, ...LOADED },
      ...{ venues: ['XSIM'], engines: ['btc-momentum-1', 'btc-momentum-2'] },
    });
    const { type, details, entry } = Object(whatHappened);
    assert.deepEqual([type, details.instance, details.why], ['lease.expired', 'btc-momentum-1', 'not-renewed']);
    assert.equal(JSON.parse(made.store.logs.get(STRATEGY)?.[entry]?.text ?? '{}').type, 'lease.expired');
  });

  it('archives what was looked at and what was not looked at again', async () => {
    await untilArmed(made, step);

    const files = [...made.evidence.files].filter(([key]) => key.includes(step.runId));
    assert.deepEqual(files.map(([key]) => key.replace(/^.*\//, '')).toSorted(), [
      'go-no-go.json',
      'preconditions.json',
      'reconciliation.json',
    ]);
    const goNoGo = JSON.parse(Buffer.from(files.find(([key]) => key.includes('go-no-go'))?.[1] ?? '').toString());
    assert.deepEqual([goNoGo.verdict, goNoGo.evidence.machine, goNoGo.evidence.plan.unchanged], ['go', 'resume', true]);
    const decided = (made.store.logs.get(STRATEGY) ?? []).map(({ text }) => JSON.parse(text)).at(-1);
    assert.equal(decided.type, 'go-no-go.decided');
    assert.deepEqual(Object.keys(decided.payload.notRepeated), ['changeEvent', 'deployment', 'killPath', 'smoke']);
  });

  it('is not enabled before both have signed, nor by the signatures of a launch', async () => {
    const held = await untilAsked(made, step);
    await sign(made, step.runId, trader);

    await assert.rejects(armAgain(held, made.ports), { name: 'ApprovalClosed' });

    assert.deepEqual([stateOf(made).mode, made.engines.calls.some((call) => call.startsWith('arm'))], ['SAFE', false]);
  });

  it('that fails after the enable leaves the strategy SAFE, in the hands of the run it had, its flag off, engines halted', async () => {
    const held = await untilArmed(made, step);
    await armAgain(held, made.ports);
    assert.equal(stateOf(made).mode, 'ACTIVE');

    await disarmAndDisable(held, made.ports);
    await releaseDeployment({ ...held, failure }, made.ports);

    const { mode, run, lock } = stateOf(made);
    assert.deepEqual([mode, run, lock, made.flags.live], ['SAFE', { id: RUN, ticket: 'TP-1' }, undefined, false]);
    assert.deepEqual(storyAfterExpiry(made).slice(-4), [
      ...['resume.disabled', 'resume.disarmed', 'resume.withdrawn', 'orchestrator.released'],
    ]);
    assert.deepEqual(
      made.engines.calls.slice(-2).map((call) => call.split(' ')[0]),
      ['halt', 'halt'],
    );
    assert.equal((await made.store.get('RUN', step.runId))?.failure?.code, 'NotConfirmedLive');
    assert.equal(messagesIn(made, 'resume-withdrawn').length, 1);
  });

  it('is withdrawn when its machine is aborted, and may be asked for again', async () => {
    await untilAsked(made, step);
    const detail = { name: step.runId, status: 'ABORTED', stateMachineArn: 'a:resume' };

    await followExecution(ExecutionStatusChange.parse({ detail }), made.ports);

    assert.deepEqual([stateOf(made).mode, stateOf(made).run?.id, stateOf(made).lock], ['SAFE', RUN, undefined]);
    assert.equal((await made.store.get('APPROVAL', approvalId(step, 'resume')))?.status, 'void');
    made.pass(1000);
    assert.equal((await requested(made)).epoch, 1);
  });

  it('is sent home by a stop that waits for nobody', async () => {
    await untilAsked(made, step);

    await abortWaiting(STRATEGY, new Refusal('LaunchAborted', 'stopped', 'look'), made.ports);

    assert.deepEqual(made.executions.answered, [{ token: 'token', outcome: 'LaunchAborted' }]);
  });

  it('is sent home by a stop even where lists do not show its question yet', async () => {
    await untilAsked(made, step);
    made.store.list = async () => [];

    assert.equal(await abortWaiting(STRATEGY, new Refusal('LaunchAborted', 'stopped', 'look'), made.ports), 1);
  });

  it('loses to a kill at any time: nothing that it still does counts', async () => {
    const held = await untilArmed(made, step);
    await executeKill({ caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'k' }, killPorts(made));

    await assert.rejects(armAgain(held, made.ports), { name: 'StrategyKilled' });
    await releaseDeployment({ ...held, failure }, made.ports);

    assert.equal(stateOf(made).mode, 'KILLED');
  });

  it('stops at preconditions when the change is not approved any more, expired, or another one was approved since', async () => {
    const otherArtifact = digestOf('another artifact');
    for (const [more, code] of [
      [{ expiresAt: '2026-11-24T12:00:00.000Z' }, 'ManifestExpired'],
      [{ artifact: otherArtifact }, 'ManifestForeign'],
    ] as const) {
      made = await safeWorld();
      step = await requested(made);
      made.evidence.files.set(
        manifestKey(STRATEGY),
        Buffer.from(signedManifest({ ...made.approved, ...more }, made.key)),
      );

      await assert.rejects(checkPreconditions(step, made.ports), { name: code });
      assert.equal(made.store.storyOf(STRATEGY).at(-1), 'gates.judged');
    }
  });

  it('stops at go/no-go when an engine does not answer, or its kill switch is not wired, or it runs something else', async () => {
    const held = await untilAsked(made, step);
    for (const caller of [trader, risk]) await sign(made, step.runId, caller);
    made.engines.unreachable.add('btc-momentum-2');
    made.engines.status = { killSwitch: { subscribed: false, lastProbeAt: null }, queueBacklog: 2 };
    made.engines.attested = { ...made.engines.attested, parametersDigest: digestOf('others') };

    const refusal = await decideResumption(held, made.ports).then(
      () => undefined,
      (error: Refusal) => error,
    );

    const findings = (refusal?.facts['findings'] ?? []) as { check: string; verdict: string }[];
    const noes = findings.filter(({ verdict }) => verdict === 'no-go').map(({ check }) => check);
    for (const check of [
      'btc-momentum-1.kill-switch',
      'btc-momentum-1.queue',
      'btc-momentum-2.acknowledgements',
      'btc-momentum-1.parametersDigest',
    ])
      assert.ok(noes.includes(check), `${check} is not among ${noes.join(', ')}`);
    assert.equal(stateOf(made).mode, 'SAFE');
  });
});
