import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { signApproval } from '../../../domain/approval/sign-approval.ts';
import { RunId, StrategyId } from '../../../domain/ids.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { risk, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const killed = (made: World, commandId: string) =>
  executeKill({ caller: trader, strategyId: STRATEGY, reason: 'loss', commandId }, killPorts(made));

/** A kill whose transaction failed, so that only the latch and a pending entry stand. */
async function killedUnconditionally(made: World): Promise<RunId> {
  const { commit } = made.store;
  made.store.commit = () => Promise.reject(new Error('throttled'));
  const { runId } = await killed(made, 'k');
  made.store.commit = commit;
  return runId;
}

describe('haltEngines, tried again', () => {
  it('goes on when another kill raised the epoch between two tries', async () => {
    const made = world();
    const { runId } = await killed(made, 'first');
    await haltEngines({ strategyId: STRATEGY, runId }, made.ports);
    await killed(made, 'second');

    const again = await haltEngines({ strategyId: STRATEGY, runId }, made.ports);

    assert.deepEqual([again.runId, stateOf(made).epoch], [runId, 2]);
  });

  it('keeps initiator and reason of a kill that could only latch unconditionally', async () => {
    const made = world();
    const runId = await killedUnconditionally(made);

    await haltEngines({ strategyId: STRATEGY, runId }, made.ports);
    await announceKill({ strategyId: STRATEGY, runId, epoch: 2 }, made.ports);

    const [key = ''] = await made.evidence.list('observability/audit/kill_events/');
    const event: unknown = JSON.parse(Buffer.from(made.evidence.files.get(key) ?? '').toString());
    assert.deepEqual(event, { ...(event as object), initiator: trader.subject, reason: 'loss' });
    assert.deepEqual(made.store.storyOf(STRATEGY).slice(0, 2), ['kill.requested', 'kill.reaffirmed']);
  });

  it('keeps initiator and reason of a repeated kill that could only be written unconditionally', async () => {
    const made = world();
    await killed(made, 'first');
    const { commit } = made.store;
    made.store.commit = () => Promise.reject(new Error('throttled'));
    const again = { caller: risk, strategyId: STRATEGY, reason: 'still falling', commandId: 'second' };
    const { runId } = await executeKill(again, killPorts(made));
    made.store.commit = commit;

    await haltEngines({ strategyId: STRATEGY, runId }, made.ports);

    const run = await made.store.get('RUN', runId);
    assert.deepEqual([run?.requestedBy, run?.request['reason']], [risk.subject, 'still falling']);
    assert.deepEqual(made.store.storyOf(STRATEGY).slice(0, 2), ['kill.requested', 'kill.reaffirmed']);
  });

  it('by hand on a killed strategy, says who does it now, and keeps who killed it', async () => {
    const made = world();
    await killed(made, 'first');
    const byHand = RunId.parse('by-hand');

    await haltEngines({ strategyId: STRATEGY, runId: byHand, reason: 'again' }, made.ports);

    const run = await made.store.get('RUN', byHand);
    assert.deepEqual(
      [run?.requestedBy, run?.request['reason'], stateOf(made).latch?.initiatedBy],
      ['service:step-functions-console', 'again', trader.subject],
    );
  });

  it('refuses a strategy that does not exist, by name', async () => {
    const command = { strategyId: StrategyId.parse('nobody'), runId: RunId.parse('by-hand') };

    await assert.rejects(haltEngines(command, world().ports), { name: 'UnknownStrategy' });
  });
});

describe('a kill of what is killed already', () => {
  const first = async (made: World) => {
    const { runId } = await killed(made, 'first');
    await askForConfirmer({ strategyId: STRATEGY, runId, epoch: 1, taskToken: 'first-token' }, made.ports);
    return { runId, asked: await made.store.get('APPROVAL', approvalId({ runId }, 'kill-confirmation')) };
  };

  it('asks nobody: the one question is asked under the run that latched', async () => {
    const made = world();
    const { runId } = await first(made);
    const again = { strategyId: STRATEGY, runId: (await killed(made, 'second')).runId, epoch: 2 };

    const { summary } = await askForConfirmer({ ...again, taskToken: 'second-token' }, made.ports);
    const { verdict } = await recordKill(again, made.ports);

    assert.ok(summary.includes(runId));
    assert.equal(verdict, 'nothing-to-do');
    assert.deepEqual(made.executions.answered, [{ token: 'second-token', outcome: 'succeeded' }]);
    assert.equal((await made.store.list('APPROVAL')).length, 1);
  });

  it('does not void that question, and recovery does', async () => {
    const made = world();
    const { runId, asked } = await first(made);
    await killed(made, 'second');
    assert.ok(asked);
    const { latch: _lifted, ...recovered } = stateOf(made);
    const answer = signedAnswer(made, risk, asked);

    assert.ok(signApproval({ ...recovered, mode: 'OFF' }, asked, answer, START) instanceof Refusal);
    await decideApproval(asked.id, answer, 'k', made.ports);
    await decideApproval(asked.id, signedAnswer(made, trader, asked), 'own', made.ports);
    await recordKill({ strategyId: STRATEGY, runId, epoch: 1 }, made.ports);

    assert.equal(stateOf(made).latch?.confirmedBy, risk.subject);
  });
});
