import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StrategyId } from '../../../domain/ids.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { newStrategy, type Strategy } from '../../../domain/strategy.ts';
import { RUN, START, STRATEGY, trader } from '../../fakes/world.ts';

const ask = (more: Partial<Strategy>) =>
  requestLaunch(
    { ...newStrategy(STRATEGY), ...more },
    { caller: trader, runId: RUN, request: { environment: 'prod' }, freezes: [], now: START },
  );
const lock = {
  runId: RUN,
  actor: trader.subject,
  acquiredAt: START.toISOString(),
  expiresAt: new Date(START.getTime() + 60_000).toISOString(),
};

describe('requestLaunch', () => {
  it('names who holds the lock while another launch is under way, and the mode when nobody does', () => {
    const [locked, unlocked] = [ask({ mode: 'LAUNCHING', lock }), ask({ mode: 'LAUNCHING' })];

    assert.ok(locked instanceof Refusal && unlocked instanceof Refusal);
    assert.deepEqual([locked.code, locked.facts['heldBy'], unlocked.code], ['DeploymentLocked', RUN, 'StrategyNotOff']);
  });

  it('is refused in every mode but OFF', () =>
    fc.assert(
      fc.property(fc.constantFrom(...Mode.options), fc.nat(), (mode, epoch) => {
        assert.equal(ask({ mode, epoch }) instanceof Refusal, mode !== 'OFF');
      }),
    ));
});

describe('a launch whose plan was shown', () => {
  it('names that plan in the ledger, and what was not shown is not named', () => {
    const request = { caller: trader, runId: RUN, request: { environment: 'prod' }, freezes: [], now: START };
    const payloadWith = (more: object) => {
      const decision = requestLaunch(newStrategy(STRATEGY), { ...request, ...more });
      return decision instanceof Refusal ? decision : decision.entries[0]?.payload;
    };
    const plan = digestOf('a plan');

    assert.deepEqual(payloadWith({ plan }), { environment: 'prod', plan, epoch: 0 });
    assert.deepEqual(payloadWith({}), { environment: 'prod', epoch: 0 });
  });
});

describe('StrategyId', () => {
  it('is never the name of a log of its own: its entries would stand in the way of each other', () => {
    const ids = ['access', 'desk', 'desk-1', 'btc-momentum'];

    assert.deepEqual(
      ids.filter((id) => StrategyId.safeParse(id).success),
      ['desk-1', 'btc-momentum'],
    );
  });
});
