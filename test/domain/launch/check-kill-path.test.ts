import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkKillPath } from '../../../domain/launch/check-kill-path.ts';
import { RUN, STRATEGY } from '../../fakes/world.ts';

describe('checkKillPath', () => {
  it('says no, by name, to everything that was not asked, tried or looked at', () => {
    const times = { from: '2026-11-24T12:00:00.000Z', to: '2026-11-24T12:00:00.000Z' };
    const empty = {
      v: 1 as const,
      run: RUN,
      strategy: STRATEGY,
      epoch: 0,
      ...times,
      instances: [],
      venues: [],
      trials: [],
      left: [],
    };

    const findings = checkKillPath(empty, { instances: ['i-1'], venues: ['XSIM'] });

    assert.deepEqual(
      findings.map(({ check, verdict, actual }) => [check, verdict, actual]),
      [
        ['kill-path.i-1.probe', 'no-go', 'not asked'],
        ['kill-path.XSIM.kind', 'no-go', 'not asked'],
        ['kill-path.i-1.XSIM.cancel', 'no-go', 'not tried'],
        ['kill-path.i-1.XSIM.lease-loss', 'no-go', 'not tried'],
        ['kill-path.i-1.XSIM.block', 'no-go', 'not tried'],
        ['kill-path.XSIM.left', 'no-go', 'not looked at'],
      ],
    );
  });
});
