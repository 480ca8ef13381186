import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { RunId } from '../../../domain/ids.ts';
import { deployArtifact } from '../../../domain/launch/deploy-artifact.ts';
import { disarmAndDisable } from '../../../domain/launch/disarm-and-disable.ts';
import { type Locked, lockDeployment } from '../../../domain/launch/lock-deployment.ts';
import { releaseDeployment } from '../../../domain/launch/release-deployment.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { validateParameters } from '../../../domain/launch/validate-parameters.ts';
import { LOCK_MS } from '../../../domain/lock/renew-lock.ts';
import { takeOver } from '../../../domain/lock/take-over.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { newStrategy } from '../../../domain/strategy.ts';
import type { Launching } from '../../fakes/launch-steps.ts';
import { launching, person, RUN, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const SECOND = RunId.parse('launch-btc-momentum-20261124-second000000');
const other = person('trader2', 'execution-trader');
const failure = { Error: 'States.Timeout', Cause: 'it stood still' };

/** The strategy as a second trader's request leaves it. */
async function takenOver(made: Launching): Promise<RunStep> {
  const request = {
    caller: other,
    runId: SECOND,
    request: { environment: 'prod' },
    freezes: [],
    now: made.ports.now(),
  };
  const decision = requestLaunch(stateOf(made), request);
  assert.ok(!(decision instanceof Refusal), String(decision));
  await made.store.commit(stateOf(made), decision, made.ports.now());
  return { strategyId: STRATEGY, runId: SECOND, epoch: decision.reply.epoch };
}

describe('a launch whose lock has expired', () => {
  let made: Launching;
  let first: Locked;
  beforeEach(async () => {
    made = await launching();
    first = await lockDeployment(made.step, made.ports);
    await deployArtifact(first, made.ports);
    made.pass(LOCK_MS);
  });

  it('is taken over by the next who asks, at a new epoch, and the ledger says from whom', async () => {
    const second = await takenOver(made);

    assert.equal(second.epoch, 1);
    assert.deepEqual(made.store.storyOf(STRATEGY).slice(-2), ['orchestrator.takeover', 'launch.requested']);
    const [takeover] = (made.store.logs.get(STRATEGY) ?? []).slice(-2).map(({ text }) => JSON.parse(text));
    assert.deepEqual([takeover.actor, takeover.run], [other.subject, SECOND]);
    assert.deepEqual(takeover.payload, {
      ...{ from: RUN, heldBy: trader.subject, action: 'launch', ticket: 'TP-1', epoch: 1 },
      ...{ since: START.toISOString(), until: new Date(START.getTime() + LOCK_MS).toISOString() },
    });
  });

  it('is fenced: nothing that it still does counts', async () => {
    const second = await takenOver(made);
    await lockDeployment(second, made.ports);

    for (const step of [made.step, first])
      await assert.rejects(validateParameters(step, made.ports), { name: 'StaleEpoch', facts: { held: 0, now: 1 } });
    await assert.rejects(validateParameters({ ...first, epoch: 1 }, made.ports), { name: 'LaunchAborted' });
  });

  it('undoes nothing of the run that took over, while that one prepares', async () => {
    const second = await takenOver(made);
    await lockDeployment(second, made.ports);
    made.engines.calls.length = 0;

    await disarmAndDisable(first, made.ports);
    await releaseDeployment({ ...first, failure }, made.ports);

    const { mode, run, lock, epoch } = stateOf(made);
    assert.deepEqual([mode, run?.id, lock?.runId, epoch], ['LAUNCHING', SECOND, SECOND, 1]);
    assert.deepEqual(made.engines.calls, [], 'a halt of the first run would fence the second');
    assert.equal(made.flags.live, false, 'whatever the first run had enabled is off');
    await deployArtifact({ ...second, locked: true }, made.ports);
  });

  it('undoes nothing of the run that took over, once that one is live', async () => {
    const second = await takenOver(made);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
    made.flags.live = true;
    made.engines.calls.length = 0;

    const { verdict, summary } = await disarmAndDisable(first, made.ports);
    await releaseDeployment({ ...first, failure }, made.ports);

    assert.deepEqual([verdict, made.flags.live, made.engines.calls], ['nothing-to-do', true, []]);
    assert.match(summary, new RegExp(`^${second.runId} has taken btc-momentum over and it is ACTIVE`));
    assert.deepEqual([stateOf(made).mode, stateOf(made).run?.id], ['ACTIVE', SECOND]);
  });
});

const anyLock = fc.record({
  runId: fc.constantFrom(RUN, SECOND),
  actor: fc.constant(trader.subject),
  acquiredAt: fc.constant(START.toISOString()),
  expiresAt: fc.integer({ min: -10, max: 10 }).map((ms) => new Date(START.getTime() + ms).toISOString()),
});
const anyStrategy = fc
  .record({ mode: fc.constantFrom(...Mode.options), epoch: fc.nat(9), lock: fc.option(anyLock, { nil: undefined }) })
  .map(({ lock, ...rest }) => ({ ...newStrategy(STRATEGY), ...rest, run: { id: RUN }, ...(lock && { lock }) }));

describe('takeOver', () => {
  it('takes only what another run has let expire, raises the epoch by one then, and changes nothing otherwise', () =>
    fc.assert(
      fc.property(anyStrategy, (before) => {
        const { state, entries } = takeOver(before, { runId: SECOND, actor: other.subject }, START);

        const isExpired =
          before.lock !== undefined && before.lock.runId !== SECOND && before.lock.expiresAt <= START.toISOString();
        assert.deepEqual([state.epoch - before.epoch, entries.length], isExpired ? [1, 1] : [0, 0]);
        if (!isExpired) assert.deepEqual(state, before);
        if (before.mode !== 'LAUNCHING') assert.equal(state.mode, before.mode);
      }),
      { seed: 11, numRuns: 500 },
    ));
});
