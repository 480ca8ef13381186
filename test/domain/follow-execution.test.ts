import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExecutionStatusChange, followExecution } from '../../domain/follow-execution.ts';
import { executeKill } from '../../domain/kill/execute-kill.ts';
import { killPorts } from '../fakes/kill-ports.ts';
import { launching, RUN, START, STRATEGY, stateOf, trader, type World, world } from '../fakes/world.ts';

const ended = (machine: string, detail: Record<string, unknown>) =>
  ExecutionStatusChange.parse({
    detail: { stateMachineArn: `arn:aws:states:us-east-1:0:stateMachine:${machine}`, ...detail },
  });

const killed = (made: World) =>
  executeKill({ caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'k' }, killPorts(made));

describe('followExecution', () => {
  it('lets every successor of a kill go on for the run of the first', async () => {
    const made = world();
    const { runId } = await killed(made);
    const input = JSON.stringify({ strategyId: STRATEGY, runId, epoch: 1 });

    await followExecution(ended('kill', { name: runId, status: 'FAILED', input }), made.ports);
    await followExecution(ended('kill', { name: `${runId}-2`, status: 'ABORTED', input }), made.ports);

    assert.deepEqual(
      made.executions.started.map(({ name, input: { runId: run } }) => [name, run]),
      [runId, `${runId}-2`, `${runId}-3`].map((name) => [name, runId]),
    );
  });

  it('starts a kill again with the store away, which may be what failed it', async () => {
    const made = world();
    made.store.get = () => Promise.reject(new Error('down'));
    const input = JSON.stringify({ strategyId: STRATEGY, runId: 'kill-x-20261124-0123456789ab' });

    await followExecution(ended('kill', { name: 'kill-x-20261124-0123456789ab', status: 'FAILED', input }), made.ports);

    assert.deepEqual(
      made.executions.started.map(({ name }) => name),
      ['kill-x-20261124-0123456789ab-2'],
    );
  });

  it('starts a kill again whose input says nothing, by the record of its run', async () => {
    const made = world();
    const { runId } = await killed(made);

    await followExecution(ended('kill', { name: runId, status: 'ABORTED', input: null }), made.ports);

    assert.deepEqual(made.executions.started.at(-1), {
      machine: 'kill',
      name: `${runId}-2`,
      input: { strategyId: STRATEGY, runId },
    });
  });

  it('shows a kill as running until a successor has ended well', async () => {
    const made = world();
    const { runId } = await killed(made);
    const input = JSON.stringify({ strategyId: STRATEGY, runId, epoch: 1 });

    await followExecution(ended('kill', { name: runId, status: 'FAILED', input }), made.ports);
    const meanwhile = (await made.store.get('RUN', runId))?.status;
    await followExecution(ended('kill', { name: `${runId}-2`, status: 'SUCCEEDED', input }), made.ports);

    assert.deepEqual([meanwhile, (await made.store.get('RUN', runId))?.status], ['RUNNING', 'SUCCEEDED']);
  });

  it('names what failed a launch, with the time of the clock where the event has none', async () => {
    const made = await launching();
    const detail = { name: RUN, status: 'FAILED', error: 'NoGo', cause: JSON.stringify({ errorMessage: 'a backlog' }) };

    await followExecution(ended('launch', detail), made.ports);

    const run = await made.store.get('RUN', RUN);
    assert.deepEqual(
      [run?.status, run?.endedAt, run?.failure?.code, run?.failure?.message],
      ['FAILED', START.toISOString(), 'NoGo', 'a backlog'],
    );
  });

  it('leaves the failure that the machine itself recorded, and an end that was recorded before', async () => {
    const made = await launching();
    const run = await made.store.get('RUN', RUN);
    assert.ok(run);
    const failure = { code: 'NoGo', message: 'said by the machine' };
    await made.store.put({ kind: 'RUN', record: { ...run, failure, summary: 'no go' } });
    const { run: _released, ...rest } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...rest, mode: 'OFF' });

    await followExecution(ended('launch', { name: RUN, status: 'FAILED' }), made.ports);
    await followExecution(ended('launch', { name: RUN, status: 'TIMED_OUT' }), made.ports);

    const closed = await made.store.get('RUN', RUN);
    assert.deepEqual([closed?.failure, closed?.summary, closed?.status], [failure, 'no go', 'FAILED']);
  });

  it('goes on with a kill by hand whatever else its input holds', async () => {
    const made = world();
    const input = JSON.stringify({ strategyId: STRATEGY, runId: 7 });

    await followExecution(ended('kill', { name: 'by-hand', status: 'FAILED', input }), made.ports);

    assert.deepEqual(made.executions.started, [
      { machine: 'kill', name: 'by-hand-2', input: { strategyId: STRATEGY, runId: 'by-hand' } },
    ]);
  });
});
