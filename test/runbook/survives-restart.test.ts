import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { type HostToCrash, hostToCrash } from './host-to-crash.ts';
import { answer, killed, launchedUntil } from './launching.ts';
import { BTC, EUR, type OnALocalHost, settledOn } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';

describe('a host that dies in the middle, and is started again on the same data folder', {
  skip: !isDeep && DEEP,
}, () => {
  let host: HostToCrash;
  let here: OnALocalHost;
  let run = '';
  after(() => host.end());
  const crashAndStart = async () => {
    await host.crash();
    here = await settledOn(await host.start());
  };
  const entriesOf = async (type: string) =>
    (await here.log(BTC)).entries.map(({ entry }) => entry).filter((entry) => entry['type'] === type);

  it('goes on with a launch that waited for its second confirmation: what was signed counts, nothing runs twice', async () => {
    host = await hostToCrash();
    here = await settledOn(await host.start());
    await here.evidence.approve(BTC, HARDLY_FILLED);
    run = await launchedUntil(here, BTC, 'the second confirmation');
    const before = await here.log(BTC);

    await crashAndStart();

    const plan = await here.question(run, 'launch-confirmation');
    assert.deepEqual([plan.status, plan.signatures.length, (await here.run(run)).status], ['open', 1, 'RUNNING']);
    assert.deepEqual((await here.log(BTC)).entries.slice(0, before.size), before.entries);
    assert.equal((await answer(here, plan, 'risk')).status, 200);
    await here.question(run, 'flag-flip');
    assert.equal((await entriesOf('orchestrator.lock')).length, 1);
  });

  it('takes that launch to its right end: live, with orders at the venue', async () => {
    const flip = await here.question(run, 'flag-flip');

    assert.equal((await answer(here, flip, 'trader')).status, 200);

    const { status, failure } = await here.ended(run, 40_000);
    assert.deepEqual([status, await here.eyes[BTC].flag()], ['SUCCEEDED', true], JSON.stringify(failure));
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
  });

  it('goes on with a kill that was verifying the venues, and does not start to trade meanwhile', async () => {
    await here.fault('refuse-cancel', true);
    run = await killed(here, BTC, 'trader', 'power cut ahead');
    const history = () => here.look(`/v1/executions/${run}/history`).then((page) => JSON.stringify(page));
    await eventually('OrdersResting', history, (text) => text.includes('OrdersResting'));

    await crashAndStart();

    const [{ mode, tradingAllowed, latch }, engine] = [await here.view(BTC), await here.eyes[BTC].engine()];
    assert.deepEqual([mode, tradingAllowed, latch?.reason], ['KILLED', false, 'power cut ahead']);
    assert.deepEqual([engine.halted, await here.eyes[BTC].flag()], [true, false]);
    await eventually(
      'venues-empty',
      () => entriesOf('kill.venues-empty'),
      ({ length }) => length === 1,
      30_000,
    );
    assert.equal(await here.eyes[BTC].restingOrders(), 0);
  });

  it('takes that kill to its right end: confirmed by a second person, once', async () => {
    const question = await here.question(run, 'kill-confirmation');

    for (const as of ['trader', 'risk'] as const) assert.equal((await answer(here, question, as)).status, 200);

    assert.equal((await here.ended(run, 40_000)).status, 'SUCCEEDED');
    assert.deepEqual(
      (await entriesOf('kill.confirmed')).map((entry) => entry['run']),
      [run],
    );
    assert.equal((await entriesOf('kill.requested')).length, 1);
  });

  it('has ledgers without a gap, whose roots recompute, and gives nothing away', async () => {
    await ledgersAreWhole(here, [BTC, EUR]);
    await nothingIsGivenAway(here);
  });
});
