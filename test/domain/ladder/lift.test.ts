import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import { liftRestriction } from '../../../domain/ladder/lift-restriction.ts';
import type { Restrict } from '../../../domain/ladder/restrict.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { refusal } from '../../fakes/refusal.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { person, risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { aLiveStrategy, hold as holdBack, latencyAlert } from './a-live-strategy.ts';

const MINUTE = 60_000;
const WATCHDOG = 'service:watchdog' as Restrict['actor'];

let made: World;
let keys = 0;
beforeEach(() => {
  made = aLiveStrategy();
});
const hold = (over: Partial<Restrict> = {}) => holdBack(made, over);
const lift = (key = '') => {
  keys += 1;
  const command = { strategyId: STRATEGY, actor: trader.subject, key: key || `lift-${keys}` };
  return liftRestriction({ ...command, request: { reason: 'fast again' } }, made.ports);
};
const signed = async (...people: Caller[]) => {
  const { approval } = await lift();
  await signedBy(made, approval, ...people);
  return approval;
};
const stands = () => [stateOf(made).mode, stateOf(made).maxOrdersPerSec];
const put = (alert: ReturnType<typeof latencyAlert>) => made.store.put({ kind: 'ALERT', record: alert });
const byMonitor = () => hold({ actor: WATCHDOG, causeId: latencyAlert(made).id });

describe('liftRestriction', () => {
  it('asks two people about exactly what is lifted, then restores the approved rate, epoch and arming untouched', async () => {
    await hold({ to: 'REDUCE_ONLY', ordersPerSec: undefined });
    const asked = await lift();
    const question = await made.store.get('APPROVAL', asked.approval);
    assert.deepEqual([asked.status, stands(), (await lift()).approval], ['asked', ['REDUCE_ONLY', 4], asked.approval]);
    await signedBy(made, asked.approval, trader, risk);

    const { status, mode, maxOrdersPerSec, receipt } = await lift();

    assert.deepEqual([status, mode, maxOrdersPerSec, receipt?.log], ['lifted', 'ACTIVE', 4, STRATEGY]);
    assert.deepEqual([stands(), stateOf(made).epoch, stateOf(made).restriction], [['ACTIVE', 4], 3, undefined]);
    assert.deepEqual(question?.requiredRoles, ['execution-trader', 'risk-officer']);
    const { from, to, causes } = question.document;
    assert.deepEqual(
      [from, to],
      [
        { mode: 'REDUCE_ONLY', maxOrdersPerSec: 4 },
        { mode: 'ACTIVE', maxOrdersPerSec: 4 },
      ],
    );
    assert.equal(Array.isArray(causes) && causes.length, 1);
    const story = ['strategy.reduced', 'lift.requested', 'approval.requested', 'approval.signed', 'approval.signed'];
    assert.deepEqual(made.store.storyOf(STRATEGY), [...story, 'strategy.lifted']);
    assert.deepEqual(
      made.engines.calls.filter((call) => call.startsWith('arm')),
      [],
    );
  });

  it('is signed by two people in the two roles, not by one in both, nor by an SRE', async () => {
    await hold();
    const approval = await signed(trader);
    const both = { ...trader, roles: [...trader.roles, ...risk.roles] };

    await assert.rejects(signedBy(made, approval, both), refusal('SamePerson'));
    await assert.rejects(signedBy(made, approval, person('sre', 'sre')), refusal('WrongRole'));
    assert.deepEqual([(await lift()).status, stands()], ['asked', ['THROTTLED', 1]]);
  });

  it('waits until the alert behind it is resolved, and quiet for the agreed time after that', async () => {
    await put(latencyAlert(made));
    await byMonitor();
    await assert.rejects(lift(), (error: unknown) => {
      assert.ok(error instanceof Refusal && error.code === 'CauseStands' && error.message.includes('131 ms'));
      return true;
    });
    const goodSince = made.clock.now.toISOString();
    made.pass(MINUTE);
    await put(latencyAlert(made, { goodSince, resolvedAt: made.clock.now.toISOString() }));
    made.pass(4 * MINUTE - 1);
    await assert.rejects(lift(), refusal('QuietPeriod'));
    made.pass(1);

    assert.equal((await lift()).status, 'asked');
  });

  it('counts the quiet time of an alert that came down, but is still open, from when it did', async () => {
    await byMonitor();
    made.pass(2 * MINUTE);
    const since = made.clock.now.toISOString();
    await put(latencyAlert(made, { level: 'warn', action: undefined, reached: { since, at: since } }));
    made.pass(4 * MINUTE);
    await assert.rejects(lift(), refusal('QuietPeriod'));
    made.pass(MINUTE);

    assert.equal((await lift()).status, 'asked');
  });

  it('counts it of an alert that asks for less for a while from when it began to', async () => {
    await byMonitor();
    const milder = { since: made.clock.now.toISOString(), level: 'warn' as const };
    made.pass(MINUTE);
    const at = made.clock.now.toISOString();
    await put(latencyAlert(made, { level: 'page', milder, reached: { since: at, at } }));
    made.pass(4 * MINUTE);

    assert.equal((await lift()).status, 'asked');
  });

  it('is not carried out when the alert comes back between the signatures and the lift', async () => {
    await hold();
    await signed(trader, risk);
    await put(latencyAlert(made));

    await assert.rejects(lift(), refusal('CauseStands'));
    assert.deepEqual(stands(), ['THROTTLED', 1]);
  });

  it('takes an alert of another strategy, or one at which no monitor acts, for no reason to wait', async () => {
    await hold();
    await put(latencyAlert(made, { id: 'eth/latency/orders', strategyId: 'eth' as typeof STRATEGY }));
    await put(latencyAlert(made, { id: `${STRATEGY}/drift/BTC`, rule: 'drift', level: 'page', action: undefined }));

    assert.equal((await lift()).status, 'asked');
  });

  it('waits for an incident of the venue that it was throttled for, and for a cause of which nothing is known', async () => {
    const incident = { id: 'venue-1', venue: 'XSIM', strategyId: STRATEGY, runId: stateOf(made).run?.id as never };
    const at = made.clock.now.toISOString();
    const open = { ...incident, tickets: [], reason: 'no acks', by: WATCHDOG, openedAt: at, killAt: at };
    await made.store.put({ kind: 'VENUEINCIDENT', record: { ...open, status: 'open', version: 1 } as never });
    await hold({ actor: WATCHDOG, causeId: 'venue-1' });
    await assert.rejects(lift(), refusal('CauseStands'));
    await made.store.put({
      kind: 'VENUEINCIDENT',
      record: { ...open, status: 'closed', endedAt: at, version: 2 } as never,
    });
    await hold({ actor: WATCHDOG, causeId: 'forgotten' });
    made.store.records.delete('MONITORS#monitors');
    await assert.rejects(lift(), refusal('QuietPeriod'));
    made.pass(5 * MINUTE);

    assert.equal((await lift()).status, 'asked');
  });

  it('is void once something more holds the strategy back: what was signed lifts nothing', async () => {
    await hold();
    const approval = await signed(trader, risk);
    await hold({ ordersPerSec: 0.5 });

    const again = await lift();

    assert.deepEqual([again.status, again.approval === approval, stands()], ['asked', false, ['THROTTLED', 0.5]]);
    assert.equal((await made.store.get('APPROVAL', approval))?.status, 'void');
    assert.equal(made.store.storyOf(STRATEGY).filter((type) => type === 'approval.voided').length, 1);
  });

  for (const [what, change] of [
    [
      'it is held back for something else',
      () => {
        const { restriction, ...state } = stateOf(made);
        const causes = restriction?.causes.map((cause) => ({ ...cause, id: 'another' })) ?? [];
        if (restriction) made.store.strategies.set(STRATEGY, { ...state, restriction: { ...restriction, causes } });
      },
    ],
    ['its time is over', () => made.pass(15 * MINUTE)],
    ['the epoch rose', () => void made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 4 })],
  ] as const)
    it(`is asked anew once ${what}`, async () => {
      await hold();
      const approval = await signed(trader, risk);
      change();

      const again = await lift();

      assert.deepEqual([again.status, again.approval === approval], ['asked', false]);
    });

  it('is asked anew after a decline, and refused where the stored signatures do not carry it', async () => {
    await hold();
    const approval = await signed(trader);
    const question = await made.store.get('APPROVAL', approval);
    assert.ok(question);
    await made.store.put({ kind: 'APPROVAL', record: { ...question, status: 'complete' } });
    await assert.rejects(lift(), refusal('ApprovalClosed'));
    await made.store.put({ kind: 'APPROVAL', record: { ...question, status: 'declined' } });

    assert.notEqual((await lift()).approval, approval);
  });

  it('refuses what nothing holds back, and says what it is instead', async () => {
    await assert.rejects(lift(), refusal('StrategyNotRestricted'));
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'THROTTLED' });
    await assert.rejects(lift(), refusal('StrategyNotRestricted'));
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED' });
    await assert.rejects(lift(), refusal('StrategyKilled'));
  });

  it('gives a repeated request its reply', async () => {
    await hold();
    const first = await lift('the-key');
    await signedBy(made, first.approval, trader, risk);

    assert.deepEqual(await lift('the-key'), first);
    assert.deepEqual(stands(), ['THROTTLED', 1]);
  });
});
