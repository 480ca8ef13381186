import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { agreed } from './agreed-policy.ts';
import { healthTick } from './aws-of-the-host.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, killed, launchedUntil, launchPath, stopPath } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';

/** A host, and a strategy on it that is to have orders resting at its venue when it is stopped. */
function draining() {
  const here = onALocalHost();
  return {
    here,
    entries: async (run: string, type: string) =>
      (await here.log(BTC)).entries
        .map(({ entry }) => entry)
        .filter((each) => each['run'] === run && each['type'] === type),
    drain: async () => (await here.view(BTC)).drain,
    live: async (parameters: object = {}) => {
      await here.evidence.approve(BTC, { ...HARDLY_FILLED, ...parameters });
      await launchedUntil(here, BTC, 'nothing: it is live');
      await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    },
  };
}

describe('runbook 4.3: policies at the deadline of a drain', { skip: !isDeep && DEEP }, () => {
  const { here, entries, drain, live } = draining();

  it('escalate: people are told which orders rest, again and again, and nothing is cancelled until the venue ends it', async () => {
    await agreed(here.host.data, BTC, { drainPolicy: 'escalate', drainSeconds: 1, drainEscalationMinutes: 1 });
    await live();
    await here.fault('refuse-cancel', true);
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });

    const [escalated] = await eventually(
      'drain.escalated',
      () => entries(stop, 'drain.escalated'),
      ({ length }) => length > 0,
    );

    assert.ok(Object(escalated?.['payload']).orders.length > 0);
    const shown = await eventually(
      'the next deadline',
      drain,
      (seen) => seen?.until === Object(escalated?.['payload']).next,
    );
    assert.deepEqual([shown?.policy, shown?.venues[0]?.venue], ['escalate', 'XSIM']);
    const { lines } = await here.cli('status', '--strategy', BTC, '--as', 'auditor');
    assert.match(JSON.stringify(lines), /"policy":"escalate"/);
    assert.equal((await entries(stop, 'drain.cancelled')).length, 0);

    await here.fault('refuse-cancel', false);
    assert.equal((await here.ended(stop, 60_000)).status, 'SUCCEEDED');
  });

  it('leave good-till-cancelled: declined, they are cancelled, and the stop goes on', async () => {
    await agreed(here.host.data, BTC, { drainPolicy: 'leave-good-till-cancelled', drainSeconds: 2 });
    await live({ timeInForce: 'gtc' });
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });
    const asked = await here.question(stop, 'drain-sign-off');

    assert.equal((await answer(here, asked, 'risk', 'decline')).status, 200);

    assert.equal((await here.ended(stop, 60_000)).status, 'SUCCEEDED');
    assert.equal(await here.eyes[BTC].restingOrders(), 0);
  });

  it('leave good-till-cancelled: signed, exactly those stay at the venue, while the engine is SAFE and the strategy off', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 1);
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });
    const asked = await here.question(stop, 'drain-sign-off');
    const { status } = await answer(here, asked, 'risk');
    assert.equal(status, 200);

    const { status: ended, failure } = await here.ended(stop, 60_000);

    assert.equal(ended, 'SUCCEEDED', JSON.stringify(failure));
    const [confirmed] = await entries(stop, 'stop.confirmed');
    const { left } = Object(confirmed?.['payload']);
    await eventually('the engine', here.eyes[BTC].engine, ({ mode }) => mode === 'SAFE');
    await delay(2_000); // several looks of an engine that cancels whatever it may
    assert.equal(await here.eyes[BTC].restingOrders(), left.length);
    assert.ok(left.length > 0);
    const { mode, ordersLeft } = await here.view(BTC);
    assert.deepEqual([mode, ordersLeft?.length], ['OFF', left.length]);
  });

  it('keeps the next launch from beginning until the venue says that they are gone', async () => {
    const launch = { as: 'trader' as const, body: { environment: 'prod' } };
    isRefusal(await here.ask(launchPath(BTC), launch), 'LaunchesFrozen', 423);

    await killed(here, BTC, 'risk', 'these orders shall go');
    await eventually('nothing at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0, 30_000);
    await healthTick(here.host.data);

    assert.deepEqual((await here.view(BTC)).ordersLeft, []);
    await ledgersAreWhole(here);
  });
});

/** On a host of its own: the late acknowledgements of such a venue are a no-go for the next launch, as they should be. */
describe('runbook 4.3: a drain beside a silent venue', { skip: !isDeep && DEEP }, () => {
  const { here, drain, live } = draining();

  it('a venue that says nothing holds the drain up, is named, and its word ends it when it speaks again', async () => {
    await agreed(here.host.data, BTC, { drainPolicy: 'cancel', drainSeconds: 120 });
    await live();
    await here.fault('silent-venue', true);
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });

    const seen = await eventually('a silent venue', drain, (shown) => shown?.venues[0]?.open === null, 30_000);
    assert.equal(seen?.venues[0]?.venue, 'XSIM');
    await here.fault('silent-venue', false);

    assert.equal((await here.ended(stop, 60_000)).status, 'SUCCEEDED');
    assert.equal(await here.eyes[BTC].restingOrders(), 0);
  });
});
