import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { followExecution } from '../../../domain/follow-execution.ts';
import { RunId } from '../../../domain/ids.ts';
import { openStop } from '../../../domain/stop/open-stop.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { messagesIn } from '../../fakes/told.ts';
import { risk, START, STRATEGY, stateOf } from '../../fakes/world.ts';
import { LATCH, STOP, type Stopping, stopping } from './a-stop.ts';

const ended = (made: Stopping, changes: object = {}) =>
  followExecution(
    {
      detail: {
        ...{ name: STOP, stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:stop', status: 'FAILED' },
        ...{ error: 'VenueUnreachable', cause: 'XSIM gave no usable answer', ...changes },
      },
    },
    made.ports,
  );
const halts = async ({ store }: Stopping) => (await store.get('PLANNEDHALT', STRATEGY))?.halts ?? [];

describe('a stop that fails', () => {
  for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const)
    it(`pages people when its machine ${status}, once, and its halt in the calendar has failed`, async () => {
      const made = await stopping();
      await openStop(made.step, made.ports);

      const { summary } = await ended(made, { status });
      await ended(made, { status });

      assert.match(summary, /did not stop it: people are paged/);
      const [message, ...more] = messagesIn(made, 'stop-failed');
      assert.deepEqual(more, []);
      assert.match(String(message?.facts['reason']), /XSIM gave no usable answer; stop it again/);
      assert.deepEqual(
        (await halts(made)).map((halt) => halt.status),
        ['failed'],
      );
      assert.equal(stateOf(made).mode, 'STOPPING');
    });

  it('is begun anew by the next stop, from where it is', async () => {
    const made = await stopping();
    await openStop(made.step, made.ports);
    await ended(made);
    const under = await made.store.get('RUN', STOP);
    const runId = RunId.parse('stop-btc-momentum-20261124-ffffffffffff');

    const { reply } = requestStop(stateOf(made), { caller: risk, runId, request: {}, under, now: START });

    assert.deepEqual([reply.started, reply.mode], [runId, 'STOPPING']);
  });

  it('pages nobody where a kill has taken over, or another stop', async () => {
    const made = await stopping();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch: LATCH });

    const { summary } = await ended(made, { error: 'StrategyKilled' });

    assert.match(summary, /holds nothing any more/);
    assert.deepEqual(messagesIn(made, 'stop-failed'), []);
  });
});
