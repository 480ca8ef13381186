import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../../domain/control-record.ts';
import { followExecution } from '../../../domain/follow-execution.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { resumeReviews, unreviewed } from '../../../domain/review/resume-reviews.ts';
import { startReview } from '../../../domain/review/start-review.ts';
import { tradingRunOf } from '../../../domain/review/trading-run.ts';
import { RUN, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { liveRun, STOP, stoppedRun } from '../checklist/a-trading-run.ts';
import { killed } from '../kill/kill-at-its-end.ts';
import { anId, over } from './a-review.ts';
import { done } from './audited.ts';

const started = ({ executions }: World) => executions.started.filter(({ machine }) => machine === 'review');

/** A run of any machine, as it stands in the list. */
async function aRun(made: World, id: string, changes: Partial<Run>): Promise<Run> {
  const at = made.ports.now().toISOString();
  const run: Run = {
    ...{
      id: anId(id),
      machine: 'stop',
      strategyId: STRATEGY,
      epoch: 0,
      status: 'SUCCEEDED',
      requestedBy: trader.subject,
    },
    ...{ startedAt: at, endedAt: at, request: {}, summary: '' },
    ...changes,
  };
  await made.store.put({ kind: 'RUN', record: run });
  return run;
}

describe('a review begins', () => {
  it('when the stop of a launch has ended: about the launch, its intent first, under a name that is always the same', async () => {
    const made = await stoppedRun();
    const ended = await over(made, STOP);

    const review = await startReview(ended, made.ports);
    made.pass(60_000);
    const again = await startReview(ended, made.ports);

    assert.deepEqual(again, review);
    assert.deepEqual(review?.request, { reviews: RUN, endedBy: STOP });
    assert.deepEqual(await made.store.get('RUN', String(review?.id)), review);
    assert.deepEqual(
      started(made).map(({ name, input }) => [name, input['runId']]),
      [[review?.id, review?.id]],
    );
  });

  it('and not before: while the strategy is stopping, or a kill of it is under way, it is held', async () => {
    const made = await liveRun();
    const stop = await aRun(made, 'stop-1', { request: { stops: RUN } });
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'STOPPING' });
    assert.equal(await startReview(stop, made.ports), undefined);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED' });
    const kill = await aRun(made, 'kill-1', {
      machine: 'kill',
      status: 'RUNNING',
      request: { reason: 'loss', reaffirms: null },
    });
    assert.equal(await startReview({ ...stop, status: 'FAILED' }, made.ports), undefined);

    await over(made, kill.id);

    assert.equal((await startReview(stop, made.ports))?.request['reviews'], RUN);
  });

  it('whatever another strategy does, and though the list still says that it has not ended itself', async () => {
    const made = await stoppedRun();
    await aRun(made, 'kill-2', { machine: 'kill', status: 'RUNNING', strategyId: StrategyId.parse('eurusd-carry') });
    const ended = await over(made, STOP);
    await over(made, STOP, { status: 'RUNNING' });

    assert.equal((await startReview(ended, made.ports))?.request['endedBy'], STOP);
  });

  it('when a kill has ended: about the launch that it has ended, by the ledger', async () => {
    const made = await liveRun();
    const { runId } = await killed(made);

    const review = await startReview(await over(made, runId), made.ports);

    assert.deepEqual(review?.request, { reviews: RUN, endedBy: runId });
    await done(made, 'recovery.lifted', anId('recover-1'));
    assert.equal((await tradingRunOf(await over(made, runId), made.ports)).id, RUN); // however much came after it
  });

  it('about the kill itself where no launch had the strategy in its hands: never launched, stopped before, or withdrawn', async () => {
    const [off, stopped, withdrawn] = [world(), await stoppedRun(), await liveRun()];
    await done(withdrawn, 'launch.withdrawn', RUN);

    for (const made of [off, stopped, withdrawn]) {
      const { runId } = await killed(made);
      assert.equal((await tradingRunOf(await over(made, runId), made.ports)).id, runId);
    }
  });

  it('not for a kill that repeats another, a launch that went live, or one that never held the lock', async () => {
    const made = await liveRun();
    const of = (changes: Partial<Run>) => aRun(made, 'a-run', changes).then((run) => startReview(run, made.ports));

    assert.equal(await of({ machine: 'kill', request: { reaffirms: 'kill-0' } }), undefined);
    assert.equal(await of({ machine: 'launch' }), undefined);
    assert.equal(await of({ machine: 'launch', status: 'FAILED' }), undefined);
    assert.equal(await of({ machine: 'stop', status: 'RUNNING' }), undefined);
    assert.equal(await of({ machine: 'recover', status: 'FAILED' }), undefined);
    for (const machine of ['validate', 'resume', 'review'] as const) assert.equal(await of({ machine }), undefined);
    assert.deepEqual(started(made), []);
  });

  it('when a launch was withdrawn after it held the lock, and when a recovery has lifted a latch', async () => {
    const made = await liveRun();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'OFF' });

    const withdrawn = await startReview(await over(made, RUN, { status: 'FAILED' }), made.ports);
    const recovered = await startReview(
      await aRun(made, 'recover-1', { machine: 'recover', ticket: 'TP-1' }),
      made.ports,
    );

    assert.deepEqual(
      [withdrawn?.request['reviews'], recovered?.request['reviews'], recovered?.ticket],
      [RUN, 'recover-1', 'TP-1'],
    );
  });

  it('about the first launch, through resumptions and stops that had to begin anew', async () => {
    const made = await liveRun();
    await aRun(made, 'resume-1', { machine: 'resume', request: { resumes: RUN } });
    await aRun(made, 'stop-1', { status: 'FAILED', request: { stops: 'resume-1' } });
    const stop = await aRun(made, 'stop-2', { request: { stops: 'stop-1' } });

    assert.equal((await tradingRunOf(stop, made.ports)).id, RUN);
    assert.equal(
      (await tradingRunOf(await aRun(made, 'stop-3', { request: { stops: 'gone' } }), made.ports)).id,
      'stop-3',
    );
    const round = await aRun(made, 'stop-4', { request: { stops: 'stop-4' } });
    assert.equal((await tradingRunOf(round, made.ports)).id, 'stop-4');
  });

  it('with the event of the end of an execution', async () => {
    const made = await stoppedRun();
    const arn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:stop';

    const { summary } = await followExecution(
      { detail: { name: STOP, stateMachineArn: arn, status: 'SUCCEEDED' } },
      made.ports,
    );

    assert.match(summary, /review-btc-momentum-20261124-[0-9a-f]{12} looks back at it/);
    assert.equal(started(made).length, 1);
  });
});

describe('the sweep of reviews', () => {
  it('begins those whose event was lost, two minutes after the end, and once', async () => {
    const made = await stoppedRun();
    await over(made, STOP);
    assert.equal(await resumeReviews(made.ports), 0);
    made.pass(121_000);

    assert.deepEqual([await resumeReviews(made.ports), await resumeReviews(made.ports)], [1, 0]);

    assert.equal(started(made).length, 1);
  });

  it('starts a machine that was recorded and could not be started', async () => {
    const made = await stoppedRun();
    made.executions.down = true;
    await assert.rejects(startReview(await over(made, STOP), made.ports), /Step Functions is down/);
    made.executions.down = false;

    assert.equal(await resumeReviews(made.ports), 1);

    assert.equal(started(made).length, 1);
  });

  it('is not kept busy by launches that have no review: they take nobody’s place', async () => {
    const made = await stoppedRun();
    await over(made, STOP);
    made.pass(60_000);
    for (let at = 0; at < 25; at += 1) await aRun(made, `launch-${at}`, { machine: 'launch', status: 'FAILED' });
    made.pass(121_000);

    assert.equal(await resumeReviews(made.ports), 1);

    assert.equal(started(made).length, 1);
  });

  it('begins a few at a time, and the rest with its next turn', async () => {
    const made = world();
    for (let at = 0; at < 25; at += 1) await aRun(made, `recover-${at}`, { machine: 'recover' });
    made.pass(121_000);

    assert.deepEqual(
      [await resumeReviews(made.ports), await resumeReviews(made.ports), await resumeReviews(made.ports)],
      [20, 5, 0],
    );
  });

  it('leaves alone what is reviewed, what was passed on, what may not be over, and what is too old', async () => {
    const made = world();
    made.pass(10 * 60_000);
    const at = (minutes: number) => new Date(made.clock.now.getTime() - minutes * 60_000).toISOString();
    const run = (id: string, changes: Partial<Run>) => aRun(made, id, { endedAt: at(5), ...changes });
    const runs = [
      await run('review-1', { machine: 'review', request: { reviews: 'launch-1', endedBy: 'stop-1' } }),
      await run('launch-1', { machine: 'launch', status: 'FAILED' }),
      await run('stop-1', {}),
      await run('stop-2', {}),
      await run('stop-3', { request: { stops: 'stop-2' } }),
      await run('launch-2', { machine: 'launch' }),
      await run('kill-1', { machine: 'kill', request: { reaffirms: 'kill-0' } }),
      await run('kill-2', { machine: 'kill', request: { reaffirms: null } }),
      await run('recover-1', { machine: 'recover', status: 'FAILED' }),
      await run('recover-2', { machine: 'recover' }),
      await run('resume-1', { machine: 'resume' }),
      await run('stop-4', { endedAt: at(1) }),
      await run('stop-5', { endedAt: at(361) }),
      await run('launch-3', { machine: 'launch', status: 'ABORTED' }),
    ];
    const { endedAt: _going, ...going } = await run('stop-6', {});

    assert.deepEqual(
      unreviewed([...runs, going], made.clock.now).map(({ id }) => id),
      ['stop-3', 'kill-2', 'recover-2', 'launch-3'],
    );
  });
});
