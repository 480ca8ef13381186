import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExecutionStatusChange, followExecution } from '../../domain/follow-execution.ts';
import { runKey } from '../../domain/run-key.ts';
import { launching, RUN, stateOf, type World } from '../fakes/world.ts';

const failed = ExecutionStatusChange.parse({
  detail: {
    ...{ name: RUN, status: 'TIMED_OUT', stateMachineArn: 'arn:aws:states:us-east-1:0:stateMachine:launch' },
    input: null,
  },
});
const withHistory = (made: World) => {
  const event = { id: 1, previousId: 0, at: '2026-11-24T12:00:00.000Z', type: 'ExecutionTimedOut', details: {} };
  made.executions.history = async (_machine, name) => (name === RUN ? { events: [event] } : undefined);
};
const exported = async ({ store, evidence }: World) => {
  const run = await store.get('RUN', RUN);
  assert.ok(run);
  return [evidence.files.has(runKey(run, `executions/${RUN}.jsonl`)), run.exportedAt !== undefined];
};

describe('followExecution, of an execution that has ended', () => {
  it('exports its history, since it is kept for ninety days only', async () => {
    const made = await launching();
    withHistory(made);

    await followExecution(failed, made.ports);

    assert.deepEqual(await exported(made), [true, true]);
  });

  it('undoes what it has done first, whatever comes of the history, and is then asked for again', async () => {
    const made = await launching();
    made.executions.history = () => Promise.reject(new Error('no history today'));

    await assert.rejects(followExecution(failed, made.ports), /no history today/);

    assert.deepEqual([stateOf(made).mode, stateOf(made).run], ['OFF', undefined]);
    withHistory(made);
    await followExecution(failed, made.ports);
    assert.deepEqual(await exported(made), [true, true]);
  });
});
