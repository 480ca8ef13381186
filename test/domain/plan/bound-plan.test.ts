import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Approval } from '../../../domain/approval/approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { alsoLive } from '../../../domain/plan/also-live.ts';
import { changedOf } from '../../../domain/plan/bound-plan.ts';
import { judgeGates } from '../../../domain/plan/judge-gates.ts';
import { readPlan } from '../../../domain/plan/read-plan.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { newStrategy } from '../../../domain/strategy.ts';
import { type Launching, untilFlip } from '../../fakes/launch-steps.ts';
import { launching, REGISTRATION, STRATEGY, trader, world } from '../../fakes/world.ts';

describe('changedOf', () => {
  let made: Launching;
  const questionOf = async (kind: 'launch-confirmation' | 'flag-flip'): Promise<Approval> => {
    const approval = await made.store.get('APPROVAL', approvalId(made.step, kind));
    return approval ?? assert.fail(`nobody was asked for ${kind}`);
  };
  const looking = () => ({ records: made.ports.records, planNow: made.ports.plans.now });
  beforeEach(async () => {
    made = await launching();
    await untilFlip(made);
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, desk: 'fx' } });
  });

  it('judges a confirmation by its own plan, and a flip by the plan that was confirmed', async () => {
    for (const kind of ['launch-confirmation', 'flag-flip'] as const) {
      const [first] = await changedOf(await questionOf(kind), looking());
      assert.deepEqual(first, { path: 'desk', approved: 'crypto', now: 'fx' });
    }
  });

  it('remembers what made a question void, whatever the world is now, and judges none that is over', async () => {
    const asked = await questionOf('launch-confirmation');
    const changed = [{ path: 'desk', approved: 'a', now: 'b' }];

    assert.deepEqual(await changedOf({ ...asked, status: 'void', changed }, looking()), changed);
    assert.deepEqual(await changedOf({ ...asked, status: 'declined' }, looking()), []);
  });

  it('finds nothing in questions that bind no plan, and in a flip whose confirmation is gone', async () => {
    const asked = await questionOf('flag-flip');
    const gone = { ...looking(), records: { get: async () => undefined } };

    assert.deepEqual(await changedOf({ ...asked, kind: 'kill-confirmation' }, looking()), []);
    assert.deepEqual(await changedOf(asked, gone), []);
  });
});

describe('what a plan is read from', () => {
  it('has no calendar for a venue without one', async () => {
    const made = world();
    made.store.records.delete('CALENDAR#XSIM');

    assert.deepEqual((await readPlan(STRATEGY, made.ports)).venues, [{ id: 'XSIM', kind: 'live' }]);
  });

  it('takes no neighbour for one that is not registered any more', async () => {
    const made = world();
    const gone = StrategyId.parse('gone');
    made.store.strategies.set(gone, { ...newStrategy(gone), mode: 'ACTIVE' });

    assert.deepEqual(await alsoLive(REGISTRATION, made.ports), []);
  });

  it('keeps the code of a gate that refuses to judge', async () => {
    const asked = { strategyId: STRATEGY, requestedBy: trader.subject, request: { environment: 'prod' } };
    const refusing = () => Promise.reject(new Refusal('EngineUnreachable', 'no answer', 'look at it'));

    const [judged] = await judgeGates(asked, world().ports, { engines: refusing });

    assert.deepEqual([judged?.verdict, judged?.findings[0]?.code], ['no-go', 'EngineUnreachable']);
  });
});
