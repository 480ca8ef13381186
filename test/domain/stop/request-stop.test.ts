import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Run } from '../../../domain/control-record.ts';
import { RunId } from '../../../domain/ids.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { endStop } from '../../../domain/stop/record-stop.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { newStrategy } from '../../../domain/strategy.ts';
import { RUN, START, STRATEGY, trader } from '../../fakes/world.ts';

const STOP = RunId.parse('stop-btc-momentum-20261124-0123456789ab');
const command = { caller: trader, runId: STOP, request: {}, under: undefined, now: START };
const earlier = (status: Run['status']): Run => ({
  id: RUN,
  machine: 'stop',
  strategyId: STRATEGY,
  epoch: 0,
  status,
  requestedBy: trader.subject,
  startedAt: START.toISOString(),
  request: {},
  summary: 'stopping',
});

describe('requestStop', () => {
  it('needs no launch behind what it stops, and no ticket', () => {
    const { state, entries, records } = requestStop({ ...newStrategy(STRATEGY), mode: 'SAFE' }, command);

    assert.deepEqual(state.run, { id: STOP });
    assert.equal(entries[0]?.payload['stopped'], null);
    assert.ok(records?.[0]?.kind === 'RUN' && records[0].record.request['stops'] === null);
  });

  it('says that it is stopping already, and as what', () => {
    const stopping = { ...newStrategy(STRATEGY), mode: 'STOPPING' as const, run: { id: RUN } };

    const { reply } = requestStop(stopping, { ...command, under: earlier('RUNNING') });

    assert.deepEqual([reply.execution, reply.started], [RUN, null]);
  });

  it('begins anew where the machine of an earlier stop has ended early, or is unknown', () => {
    const stopping = { ...newStrategy(STRATEGY), mode: 'STOPPING' as const, epoch: 3, run: { id: RUN } };

    for (const under of [earlier('FAILED'), earlier('ABORTED'), undefined]) {
      const { state, reply } = requestStop(stopping, { ...command, under });

      assert.deepEqual([state.mode, state.epoch, state.run?.id, reply.started], ['STOPPING', 4, STOP, STOP]);
    }
  });

  it('drains anew what a stop before has drained: closing orders go through again', () => {
    const drained = { ...newStrategy(STRATEGY), mode: 'ACTIVE' as const, run: { id: RUN }, drained: true as const };

    assert.equal(requestStop(drained, command).state.drained, undefined);
  });

  it('never makes trading riskier, whatever the mode: the epoch never falls, and it is stopping, off or killed', () =>
    fc.assert(
      fc.property(fc.constantFrom(...Mode.options), fc.nat(), (mode, epoch) => {
        const under = mode === 'STOPPING' ? earlier('RUNNING') : undefined;
        const { state, entries } = requestStop(
          { ...newStrategy(STRATEGY), mode, epoch, run: { id: RUN } },
          { ...command, under },
        );

        assert.ok(['STOPPING', 'OFF', 'KILLED'].includes(state.mode));
        assert.equal(state.epoch, ['OFF', 'KILLED', 'STOPPING'].includes(mode) ? epoch : epoch + 1);
        assert.equal(entries.length, 1);
      }),
    ));
});

describe('endStop', () => {
  it('records a stop without a ticket, of something that no launch had started', () => {
    const { records } = requestStop({ ...newStrategy(STRATEGY), mode: 'SAFE' }, command);
    assert.ok(records?.[0]?.kind === 'RUN');

    const ended = endStop({ ...newStrategy(STRATEGY), mode: 'STOPPING' }, records[0].record, { now: START });

    assert.ok(!(ended instanceof Refusal));
    assert.deepEqual([ended.state.mode, ended.entries[0]?.payload], ['OFF', { stopped: null }]);
  });
});
