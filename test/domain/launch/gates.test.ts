import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateResult, refusalOf } from '../../../domain/launch/finding.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { RUN, START, stateOf, trader, world } from '../../fakes/world.ts';

describe('a gate', () => {
  it('without findings proved nothing', () => {
    const gate = gateResult('empty', []);

    assert.equal(gate.verdict, 'no-go');
    assert.equal(refusalOf([gate])?.code, 'NoGo');
  });
});

describe('requestLaunch', () => {
  const ask = (changes: object, freezes: Parameters<typeof requestLaunch>[1]['freezes'] = []) =>
    requestLaunch(
      { ...stateOf(world()), ...changes },
      { caller: trader, runId: RUN, request: { environment: 'prod', ticket: 'TP-1' }, freezes, now: START },
    );
  const lock = {
    runId: RUN,
    actor: trader.subject,
    acquiredAt: START.toISOString(),
    expiresAt: '2026-11-24T13:00:00.000Z',
  };
  const freeze = {
    id: 'kill-x',
    scope: 'all' as const,
    source: 'kill' as const,
    reason: 'x was killed',
    runId: RUN,
    by: trader.subject,
    since: START.toISOString(),
  };

  it('records the intent, and is LAUNCHING', () => {
    const decision = ask({ lock: { ...lock, expiresAt: START.toISOString() } });

    assert.ok(!(decision instanceof Refusal));
    assert.deepEqual(
      [decision.state.mode, decision.records?.[0]?.kind, decision.state.run?.ticket],
      ['LAUNCHING', 'RUN', 'TP-1'],
    );
  });

  for (const [what, decision, code] of [
    ['killed', ask({ mode: 'KILLED' }), 'StrategyKilled'],
    ['live', ask({ mode: 'ACTIVE' }), 'StrategyNotOff'],
    ['locked', ask({ lock }), 'DeploymentLocked'],
    ['frozen', ask({}, [freeze]), 'LaunchesFrozen'],
  ] as const) {
    it(`refuses while ${what}`, () => assert.equal(decision instanceof Refusal && decision.code, code));
  }
});
