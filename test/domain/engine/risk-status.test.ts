import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RiskStatus } from '../../../domain/engine/risk-status.ts';

const status = {
  ...{ strategyId: 's', instanceId: 's-1', mode: 'SAFE', halted: false, epoch: 0, queueBacklog: 0, capabilities: [] },
  ...{ artifactDigest: null, limitsDigest: null, parametersDigest: null, riskHeartbeatAt: null },
  killSwitch: { subscribed: true, lastProbeAt: null },
  acknowledgements: { healthy: true, p95Ms: null },
};

describe('RiskStatus', () => {
  it('keeps what the engine says of its venues', () => {
    const venues = [{ venue: 'XSIM', kind: 'simulated' }];

    assert.deepEqual(RiskStatus.parse({ ...status, venues }).venues, venues);
  });

  it('takes whatever it cannot read of them for nothing said, and still reads the rest: a launch does not fail of it', () => {
    const unreadable = [
      [{ venue: 'XSIM', kind: 'SIMULATED' }],
      [{ venue: 'XSIM' }],
      'simulated',
      [null],
      undefined,
      null,
    ];

    for (const venues of unreadable) {
      const parsed = RiskStatus.parse({ ...status, venues });
      assert.deepEqual([parsed.venues, parsed.instanceId], [undefined, 's-1']);
    }
    assert.deepEqual(RiskStatus.parse(status), status);
  });
});
