import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { openApproval } from '../../../domain/approval/open-approval.ts';
import { RunId } from '../../../domain/ids.ts';
import { askForFlip } from '../../../domain/launch/ask-for-flip.ts';
import { deployArtifact } from '../../../domain/launch/deploy-artifact.ts';
import { type Locked, lockDeployment } from '../../../domain/launch/lock-deployment.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { validateParameters } from '../../../domain/launch/validate-parameters.ts';
import { LOCK_MS } from '../../../domain/lock/renew-lock.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { runStep } from '../../../domain/run-step.ts';
import type { Launching } from '../../fakes/launch-steps.ts';
import { launching, person, RUN, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const MINUTE = 60_000;
const at = (ms: number) => new Date(START.getTime() + ms).toISOString();
const untilOf = (made: Launching) => stateOf(made).lock?.expiresAt;
const newestEntry = ({ store }: Launching) => JSON.parse(store.logs.get(STRATEGY)?.at(-1)?.text ?? '{}');
const other = person('trader2', 'execution-trader');

describe('the lock of a run', () => {
  let made: Launching;
  let step: Locked;
  beforeEach(async () => {
    made = await launching();
    step = await lockDeployment(made.step, made.ports);
  });

  it('is taken for some minutes only, for the run, its action and its ticket', () => {
    const { lock } = stateOf(made);

    assert.deepEqual(lock, {
      ...{ runId: RUN, actor: trader.subject, action: 'launch' },
      ...{ acquiredAt: at(0), expiresAt: at(LOCK_MS) },
    });
    assert.ok(LOCK_MS <= 10 * MINUTE);
  });

  it('is renewed by each step in the write that it makes anyway, and the entry of that step says so', async () => {
    made.pass(4 * MINUTE);
    const { length } = made.store.storyOf(STRATEGY);

    await deployArtifact(step, made.ports);

    assert.equal(untilOf(made), at(4 * MINUTE + LOCK_MS));
    assert.equal(made.store.storyOf(STRATEGY).length, length + 1);
    assert.equal(newestEntry(made).payload.changes.lock.expiresAt, untilOf(made));
  });

  it('lasts while people are asked: until their question expires, and some minutes more', async () => {
    const expiresAt = at(30 * MINUTE);
    const document = { action: 'launch', strategy: STRATEGY, epoch: 0, nonce: '0123456789abcdef', expiresAt };
    const question = { kind: 'launch-confirmation' as const, document, requiredRoles: ['quant' as const] };

    await runStep(step, 'Ask', (state) => openApproval(state, step, question, made.ports.now()), made.ports);
    assert.equal(untilOf(made), at(30 * MINUTE + LOCK_MS));

    await validateParameters(step, made.ports);
    assert.equal(untilOf(made), at(LOCK_MS), 'the step after them holds it for as long as steps do');
  });

  it('is not renewed by a step that writes nothing', async () => {
    made.pass(MINUTE);
    const reply = { summary: 'nothing', verdict: 'nothing-to-do' as const };

    await runStep(step, 'DoNothing', (state) => ({ state, entries: [], reply }), made.ports);

    assert.equal(untilOf(made), at(LOCK_MS));
  });

  it('ends the run when it has expired, even where nobody has taken it since', async () => {
    made.pass(LOCK_MS);

    await assert.rejects(deployArtifact(step, made.ports), { name: 'LockExpired', facts: { until: at(LOCK_MS) } });
    await assert.rejects(
      askForFlip(
        { ...step, taskToken: 't', smokeDigest: '' as never, killPathDigest: '' as never, goNoGoDigest: '' as never },
        made.ports,
      ),
      Refusal,
    );
    assert.deepEqual(made.store.storyOf(STRATEGY).at(-1), 'orchestrator.lock');
  });

  it('is needed by what comes after it: a step that was told of it does nothing without it', async () => {
    const { lock: _lost, ...rest } = stateOf(made);
    made.store.strategies.set(STRATEGY, rest);
    await assert.rejects(deployArtifact(step, made.ports), { name: 'LockExpired', facts: { until: null } });

    const foreign = { runId: RunId.parse('launch-other'), actor: trader.subject, acquiredAt: at(0) };
    made.store.strategies.set(STRATEGY, { ...rest, lock: { ...foreign, expiresAt: at(LOCK_MS) } });
    await assert.rejects(deployArtifact(step, made.ports), { name: 'DeploymentLocked' });
  });

  it('is held against the second who asks, who learns who holds it, since when, for what, and until when', async () => {
    const refusal = requestLaunch(stateOf(made), ask(made));

    assert.ok(refusal instanceof Refusal && refusal.code === 'DeploymentLocked');
    assert.match(
      refusal.message,
      /^btc-momentum is locked by launch-btc-momentum-\S+ since \S+ for a launch, until \S+ /,
    );
    assert.deepEqual(refusal.facts, {
      ...{ heldBy: RUN, actor: trader.subject, action: 'launch', ticket: null },
      ...{ since: at(0), until: at(LOCK_MS) },
    });
  });

  it('names the ticket that it is held for, where there is one', async () => {
    const { lock } = stateOf(made);
    assert.ok(lock);

    const refusal = requestLaunch({ ...stateOf(made), lock: { ...lock, ticket: 'TP-7' } }, ask(made));

    assert.ok(refusal instanceof Refusal);
    assert.deepEqual([refusal.facts['ticket'], /for the launch of TP-7/.test(refusal.message)], ['TP-7', true]);
  });
});

/** A second trader who wants the same strategy. */
function ask(made: Launching) {
  const runId = RunId.parse('launch-btc-momentum-20261124-second000000');
  const request = { environment: 'prod' };
  return { caller: other, runId, request, freezes: [], now: made.ports.now() };
}
