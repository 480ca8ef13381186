import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSteps } from '../../api/views/run-steps.ts';

const at = '2026-11-25T12:00:00.000Z';
const entered = { id: 2, previousId: 0, at, type: 'TaskStateEntered', state: 'Check freezes', details: {} };
const exited = (output: string) => ({
  id: 6,
  previousId: 5,
  at: '2026-11-25T12:00:01.500Z',
  type: 'TaskStateExited',
  state: 'Check freezes',
  details: { output },
});

describe('runSteps', () => {
  it('says of each state what it said about itself, and how long it took', () => {
    const [step] = runSteps([entered, exited('{"summary":"no freeze","verdict":"go"}')]);

    assert.deepEqual([step?.status, step?.summary, step?.durationMs], ['succeeded', 'no freeze', 1500]);
  });

  it('shows a gate that judged no-go as failed, though its state ended well', () => {
    const [step] = runSteps([entered, exited('{"summary":"frozen since noon","verdict":"no-go"}')]);

    assert.equal(step?.status, 'failed');
  });

  it('does not call a state failed that may be tried again, and does when the execution ends with it', () => {
    const failed = { id: 5, previousId: 2, at, type: 'TaskFailed', details: {} };
    const ended = { id: 6, previousId: 5, at, type: 'ExecutionFailed', details: {} };

    assert.equal(runSteps([entered, failed])[0]?.status, 'running');
    assert.equal(runSteps([entered, failed, ended])[0]?.status, 'failed');
  });

  it('lets an output that is no JSON, or no object, say nothing', () => {
    assert.equal(runSteps([entered, exited('not JSON')])[0]?.summary, undefined);
    assert.equal(runSteps([entered, exited('[1]')])[0]?.status, 'succeeded');
  });
});
