import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TradingCalendar as Calendar } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { agreed, haltIsDue } from './agreed-policy.ts';
import { healthTick } from './aws-of-the-host.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { isWithdrawn, killed, launchedUntil, launchPath, stopPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { changesNothing, cliRefused, isRefusal } from './refused.ts';

const TICKET = 'OPS-123';

describe('runbook 4: planned stop', () => {
  const here = onALocalHost();
  const entriesOf = async (strategy: string, run: string) =>
    (await here.log(strategy)).entries.map(({ entry }) => entry).filter((entry) => entry['run'] === run);
  const settled = (path: string) => here.ask(path, { as: 'sre' });

  it('of something that is off succeeds, and says that there was nothing to stop', async () => {
    for (const options of [{}, { raw: '' }, { raw: '{' }, { body: { reason: 7 } }, { key: null }, { key: 'short' }]) {
      const { status, body } = await here.ask(stopPath(BTC), { as: 'trader', ...options });

      assert.deepEqual([status, body['runId'], body['mode']], [202, null, 'OFF']);
      assert.match(String(body['summary']), /is off already: nothing to stop/);
    }
    const { code, words } = await here.cli('flag', 'disable', '--strategy', BTC, '--as', 'risk');
    assert.deepEqual([code, /nothing to stop/.test(words)], [0, true]);
  });

  it('aborts a launch that waits for its confirmations, and compensates it', async () => {
    const launch = await launchedUntil(here, BTC, 'two confirmations');

    const stop = await here.accepted(stopPath(BTC), { as: 'sre', body: { reason: 'not today' } });

    await isWithdrawn(here, launch, BTC, 'LaunchAborted');
    assert.equal((await here.ended(stop)).status, 'SUCCEEDED');
  });

  it('aborts a launch that waits for the flip as well: the engine was never armed', {
    skip: !isDeep && DEEP,
  }, async () => {
    const launch = await launchedUntil(here, BTC, 'the flip');

    await here.ended(await here.accepted(stopPath(BTC), { as: 'risk' }));

    await isWithdrawn(here, launch, BTC, 'LaunchAborted');
    const { mode } = await here.eyes[BTC].engine();
    assert.deepEqual([mode === 'ACTIVE', await here.eyes[BTC].restingOrders()], [false, 0]);
  });

  it('4.2: flips live.enabled to false, captures the audit event, and blocks new orders at once', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    await here.fault('refuse-cancel', true);

    const { status, body } = await here.ask(stopPath(BTC), { as: 'trader', body: { ticket: TICKET } });

    assert.deepEqual([status, body['mode']], [202, 'STOPPING']);
    const stop = String(body['runId']);
    await eventually('live.enabled', here.eyes[BTC].flag, (enabled) => !enabled);
    await eventually('the engine', here.eyes[BTC].engine, ({ mode }) => mode === 'REDUCE_ONLY' || mode === 'SAFE');
    const captured = await eventually(
      'the captured audit event',
      async () => (await entriesOf(BTC, stop)).find(({ type }) => type === 'flag.disabled'),
      (entry) => entry !== undefined,
    );
    const { key, hash } = Object(captured?.['payload']).audit;
    assert.match(key, /flag-off\.json$/);
    assert.match(hash, /^sha256:/);
    assert.equal(JSON.parse(await here.evidence.read(key)).run, stop);
  });

  it('4.3: waits until every venue reports zero open orders, however long the venue refuses to cancel', async () => {
    const { run } = await here.view(BTC);
    const history = () => here.look(`/v1/executions/${run?.id}/history`).then((page) => JSON.stringify(page));
    await eventually('OrdersResting', history, (text) => text.includes('OrdersResting'));
    isRefusal(await settled(`/v1/strategies/${BTC}/settlements`), 'StrategyNotOff', 409);

    const again = await here.ask(stopPath(BTC), { as: 'risk', body: { reason: 'and again' } });

    assert.deepEqual([again.status, again.body['runId']], [202, run?.id]);
    assert.match(String(again.body['summary']), /is stopping already as/);
  });

  it('4.4: settles, archives, and 4.6: records the stop in the ledger with its ticket', async () => {
    const { run } = await here.view(BTC);
    await here.fault('refuse-cancel', false);

    const { status, failure } = await here.ended(String(run?.id), 60_000);

    assert.deepEqual([status, await here.eyes[BTC].restingOrders()], ['SUCCEEDED', 0], JSON.stringify(failure));
    const entries = await entriesOf(BTC, String(run?.id));
    const confirmed = entries.find(({ type }) => type === 'stop.confirmed');
    const log = Object(entries.find(({ type }) => type === 'strategy.settled')?.['payload']).log;
    assert.equal(confirmed?.['ticket'], TICKET);
    assert.match(log.key, /^reports\/live\/\d{4}-\d{2}-\d{2}\/btc-momentum\/stop-.*\/settle\.log$/);
    assert.match(await here.evidence.read(log.key), /btc-momentum-1/);
  });

  it('leaves it off: unlocked, its engine without leave to trade, ready for the next launch', async () => {
    const { mode, lock, tradingAllowed, maxOrdersPerSec } = await here.view(BTC);

    assert.deepEqual([mode, lock, tradingAllowed, maxOrdersPerSec], ['OFF', null, false, 0]);
    await eventually('the engine', here.eyes[BTC].engine, (engine) => engine.mode === 'SAFE');
    const { code, lines } = await here.cli('settle', '--strategy', BTC, '--as', 'trader');
    assert.deepEqual([code, lines.length > 0], [0, true]);
  });

  it('without a ticket inherits that of the launch', { skip: !isDeep && DEEP }, async () => {
    const ticket = `DEMO-${EUR}`;
    const launch = await here.accepted(launchPath(EUR), { as: 'trader', body: { environment: 'prod', ticket } });
    await here.question(launch, 'launch-confirmation');

    const stop = await here.accepted(stopPath(EUR), { as: 'trader' });

    assert.equal((await here.ended(stop)).status, 'SUCCEEDED');
    const confirmed = (await entriesOf(EUR, stop)).find(({ type }) => type === 'stop.confirmed');
    assert.equal(confirmed?.['ticket'], ticket);
  });

  it('is asked for by those who may, and by nobody else', async () => {
    const { code, lines, words } = await changesNothing(here, BTC, () =>
      here.cli('stop', '--strategy', BTC, '--as', 'quant'),
    );

    cliRefused({ code, lines, words }, 'WrongRole', 12);
  });

  it('4.3: at the end of its drain, cancels what still rests, and waits until the venue has done so', {
    skip: !isDeep && DEEP,
  }, async () => {
    await agreed(here.host.data, BTC, { drainSeconds: 1 });
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    await here.fault('refuse-cancel', true);
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });
    const cancelled = async () => (await entriesOf(BTC, stop)).filter(({ type }) => type === 'drain.cancelled');
    await eventually('drain.cancelled', cancelled, ({ length }) => length === 1);
    assert.equal((await here.run(stop)).status, 'RUNNING');

    await here.fault('refuse-cancel', false);

    assert.equal((await here.ended(stop, 40_000)).status, 'SUCCEEDED');
    assert.equal(await here.eyes[BTC].restingOrders(), 0);
  });

  it('4.1: plans a halt, shows it in the calendar in both times, takes it back, and begins the next one at its time', {
    skip: !isDeep && DEEP,
  }, async () => {
    const plan = ['stop', '--strategy', EUR, '--at', '16:35', '--tz', 'America/New_York', '--as', 'trader'];
    const first = await here.cli(...plan, '--reason', 'end of day');
    const [planned] = Calendar.parse(await here.look(`/v1/calendar?strategy=${EUR}`)).halts;
    assert.deepEqual([first.code, planned?.status], [0, 'scheduled']);
    assert.match(String(planned?.asked), /^\d{4}-\d{2}-\d{2} 16:35 America\/New_York$/);
    assert.match(String(planned?.at.local), / \+00:00 UTC$/);

    assert.equal((await here.cli('stop', '--cancel', String(planned?.id), '--as', 'risk')).code, 0);
    cliRefused(await here.cli('stop', '--cancel', String(planned?.id), '--as', 'risk'), 'HaltNotScheduled', 10);

    assert.equal((await here.cli(...plan)).code, 0);
    const launch = await launchedUntil(here, EUR, 'two confirmations');
    await haltIsDue(here.host.data, EUR);
    await healthTick(here.host.data);
    await isWithdrawn(here, launch, EUR, 'LaunchAborted');
    const halts = async () => Calendar.parse(await here.look(`/v1/calendar?strategy=${EUR}`)).halts;
    const over = await eventually('the end of the halt', halts, (all) => all.some(({ status }) => status === 'done'));
    assert.ok(over.some(({ status }) => status === 'cancelled'));
    const { lines } = await here.cli('calendar', '--strategy', EUR, '--as', 'auditor');
    assert.equal(lines.length, over.length);
  });

  it('4.1: refuses a planned halt that is malformed, stops nothing by it, and says which field', async () => {
    const bodies = [{ at: '25:00', timeZone: 'Europe/London' }, { at: '16:35' }, { at: '16:35', timeZone: 'BST' }];
    for (const body of bodies)
      await changesNothing(here, EUR, async () =>
        isRefusal(await here.ask(stopPath(EUR), { as: 'trader', body }), 'InvalidRequest', 400),
      );
  });

  it('gives way to a kill at any moment: the drain ends, and the kill goes on with it', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    await here.fault('refuse-cancel', true);
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });

    await killed(here, BTC, 'risk', 'it drains too slowly');

    const { failure } = await here.ended(stop, 40_000);
    await here.fault('refuse-cancel', false);
    assert.deepEqual([failure?.code, (await here.view(BTC)).mode], ['StrategyKilled', 'KILLED']);
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0, 30_000);
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
