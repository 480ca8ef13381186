import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { askForDueLifts } from '../../../domain/ladder/ask-for-due-lifts.ts';
import { liftRestriction } from '../../../domain/ladder/lift-restriction.ts';
import { lookAfterRestrictions } from '../../../domain/ladder/look-after-restrictions.ts';
import type { Restrict } from '../../../domain/ladder/restrict.ts';
import { restrictionEffect } from '../../../domain/ladder/restriction-effect.ts';
import { restrictionOf } from '../../../domain/ladder/restriction-of.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { aLiveStrategy, hold as holdBack, latencyAlert, renewed } from './a-live-strategy.ts';

const MINUTE = 60_000;
const WATCHDOG = 'service:watchdog' as Restrict['actor'];

let made: World;
let keys = 0;
beforeEach(() => {
  made = aLiveStrategy();
});
const hold = (over: Partial<Restrict> = {}) => {
  keys += 1; // what is asked for after it is another lift
  return holdBack(made, over);
};
const lift = () =>
  liftRestriction(
    { strategyId: STRATEGY, actor: trader.subject, key: `lift-${keys}`, request: { reason: 'fast again' } },
    made.ports,
  );
const stands = () => [stateOf(made).mode, stateOf(made).maxOrdersPerSec];
const put = (alert: ReturnType<typeof latencyAlert>) => made.store.put({ kind: 'ALERT', record: alert });
const byMonitor = () => hold({ actor: WATCHDOG, causeId: latencyAlert(made).id });
const lookAfter = async () => lookAfterRestrictions(await made.store.list(), made.ports);
const withoutRun = () => {
  const { run: _none, ...state } = stateOf(made);
  made.store.strategies.set(STRATEGY, state);
};

describe('what was set for a time', () => {
  const until = (minutes: number) => new Date(made.clock.now.getTime() + minutes * MINUTE).toISOString();
  const due = async () => askForDueLifts(await made.store.list(), made.ports);

  it('is never lifted by that time: two people are asked, once, and told', async () => {
    await hold({ until: until(30) });
    assert.equal(await due(), 0);
    made.pass(30 * MINUTE);

    assert.deepEqual([await due(), await due(), stands()], [1, 0, ['THROTTLED', 1]]);
    const told = (await made.store.list('MESSAGE')).filter(({ trigger }) => trigger === 'lift-due');
    assert.equal(told.length, 1);
    const { question } = restrictionOf(stateOf(made)) ?? {};
    await signedBy(made, String(question), trader, risk);
    assert.equal((await lift()).status, 'lifted');
  });

  it('is not asked about while another person holds it back without a time, nor before a monitor is quiet', async () => {
    await hold({ until: until(30) });
    await hold();
    made.pass(31 * MINUTE);
    assert.equal(await due(), 0);
    made = aLiveStrategy();
    await hold({ until: until(30) });
    await byMonitor();
    await put(latencyAlert(made));
    made.pass(31 * MINUTE);
    assert.equal(await due(), 0);
    const resolvedAt = made.clock.now.toISOString();
    await put(latencyAlert(made, { resolvedAt }));
    made.pass(5 * MINUTE);

    assert.equal(await due(), 1);
  });

  it('looks at nothing again that somebody else has done since, and at nothing that holds no strategy back any more', async () => {
    await hold({ until: until(1) });
    made.pass(MINUTE);
    await renewed(made, 'THROTTLED', 'THROTTLED');
    const seen = await made.store.list();
    const { restriction } = stateOf(made);
    assert.ok(restriction);
    const done = { ...restriction, inForceAt: until(0), question: 'lift-x' as never };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), restriction: done });
    assert.equal(await lookAfterRestrictions(seen, made.ports), 0);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });

    assert.equal(await lookAfterRestrictions(seen, made.ports), 0);
  });

  it('needs no run', async () => {
    withoutRun();
    await hold({ until: until(1) });
    made.pass(MINUTE);
    await renewed(made, 'THROTTLED', 'THROTTLED');

    assert.equal(await lookAfter(), 2);
    await signedBy(made, String(restrictionOf(stateOf(made))?.question), trader, risk);
    assert.equal((await lift()).status, 'lifted');
  });

  it('is asked about by one of two looks at the same moment, and by none where it was lifted meanwhile', async () => {
    await hold({ until: until(1) });
    const seen = await made.store.list();
    made.pass(MINUTE);
    const both = await Promise.all([askForDueLifts(seen, made.ports), askForDueLifts(seen, made.ports)]);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });

    assert.deepEqual([both.toSorted(), await askForDueLifts(seen, made.ports)], [[0, 1], 0]);
  });
});

describe('what the engines obey', () => {
  it('is recorded once every instance was granted no more and says so itself', async () => {
    await hold();
    made.pass(1_000);
    await renewed(made, 'THROTTLED', 'ACTIVE');
    assert.equal(await lookAfter(), 0, 'granted, and not yet obeyed');
    await renewed(made, 'THROTTLED', 'THROTTLED', 'btc-momentum-1');
    assert.equal(await lookAfter(), 0, 'one of two');
    await renewed(made, 'THROTTLED', 'SAFE');
    const seen = await made.store.list();

    assert.deepEqual([await lookAfter(), await lookAfter(), await lookAfterRestrictions(seen, made.ports)], [1, 0, 0]);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['strategy.throttled', 'restriction.in-force']);
    assert.equal(restrictionOf(stateOf(made))?.inForceAt, made.clock.now.toISOString());
  });

  it('is not known of an instance without a lease, or one that does not say what it obeys', async () => {
    await hold();
    const restriction = restrictionOf(stateOf(made));
    assert.ok(restriction);
    await renewed(made, 'THROTTLED', 'THROTTLED');
    const lease = await made.store.get('LEASE', `${STRATEGY}/btc-momentum-1`);
    const leases = [undefined, lease && { ...lease, report: {} }].map((each) => ({ instanceId: 'x', lease: each }));

    assert.deepEqual(
      restrictionEffect(stateOf(made), restriction, leases, made.clock.now).map(({ instanceId: _x, ...each }) => each),
      [
        { granted: null, reported: null, inForce: false },
        { granted: 'THROTTLED', reported: null, inForce: false },
      ],
    );
  });

  it('is unknown again once more is asked of them, and stays known where only a cause is added', async () => {
    await hold();
    await renewed(made, 'THROTTLED', 'THROTTLED');
    await lookAfter();
    await hold();
    assert.ok(restrictionOf(stateOf(made))?.inForceAt);

    await hold({ ordersPerSec: 0 });

    assert.equal(restrictionOf(stateOf(made))?.inForceAt, undefined);
  });

  it('is not known by a lease that is over, of another epoch, or from before', async () => {
    await renewed(made, 'THROTTLED', 'THROTTLED');
    made.pass(1_000);
    await hold();
    assert.equal(await lookAfter(), 0, 'from before');
    await renewed(made, 'THROTTLED', 'THROTTLED');
    made.pass(5_000);
    assert.equal(await lookAfter(), 0, 'over');
    await renewed(made, 'THROTTLED', 'THROTTLED');
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 4 });

    assert.equal(await lookAfter(), 0, 'another epoch');
  });
});
