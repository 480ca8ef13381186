import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckpointDue, checkpointLogs } from '../../../domain/ledger/checkpoint-logs.ts';
import { START, STRATEGY } from '../../fakes/world.ts';
import { ACCESS, aLog, note } from './a-signed-log.ts';

describe('what starts a checkpoint', () => {
  const due = (event: unknown) => CheckpointDue.parse(event);
  const status = (input: unknown) =>
    due({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { status: 'RUNNING', input: typeof input === 'string' ? input : JSON.stringify(input) },
    });

  it('signs the log of a run that begins or ends, and of a question that was answered', async () => {
    const log = aLog();
    await log.append(1);
    assert.deepEqual(await checkpointLogs(status({ strategyId: STRATEGY, runId: 'x' }), log.ports), {
      summary: `signed ${STRATEGY} at 1`,
    });
    await log.append(1);
    assert.deepEqual(
      await checkpointLogs(due({ 'detail-type': 'ledger.appended', detail: { log: STRATEGY } }), log.ports),
      {
        summary: `signed ${STRATEGY} at 2`,
      },
    );
  });

  it('leaves alone what a machine was started by hand with', async () => {
    const { ports } = aLog();

    for (const input of ['not JSON', '{}', '{"strategyId":"Not An Id"}'])
      assert.deepEqual(await checkpointLogs(status(input), ports), { summary: 'nothing to sign' });
    const without = { 'detail-type': 'Step Functions Execution Status Change', detail: { input: null } };
    assert.deepEqual(await checkpointLogs(due(without), ports), { summary: 'nothing to sign' });
  });

  it('signs on the schedule every log that has grown, and none that has not', async () => {
    const log = aLog();
    await log.append(2);
    await log.store.append(ACCESS, [note(1)], START);

    assert.deepEqual(await checkpointLogs(due({}), log.ports), { summary: `signed ${STRATEGY} at 2, access at 1` });
    assert.deepEqual(await checkpointLogs(due({}), log.ports), { summary: 'nothing to sign' });
  });

  it('signs the others when one cannot be signed, and then fails for that one', async () => {
    const log = aLog();
    await log.append(2);
    await log.store.append(ACCESS, [note(1)], START);
    log.store.logs.set(STRATEGY, []);

    await assert.rejects(checkpointLogs(due({}), log.ports), { name: 'LedgerTampered' });
    assert.equal((await log.ports.checkpoints.newest(ACCESS))?.size, 1);
  });

  it('refuses an event it does not know', () => {
    assert.throws(() => due({ 'detail-type': 'something else' }));
  });
});
