import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SmokeReport } from '../../cli/replies.ts';
import { SmokeBand } from '../../domain/smoke/smoke-bands.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, killed, launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused } from './refused.ts';

const VALIDATE = ['validate', '--env', 'prod', '--strategy', BTC, '--as', 'quant'] as const;

describe('runbook 2.4: smoke validation, in a launch and on its own', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const storyOf = async (run: string) =>
    (await here.log(BTC)).entries.map(({ entry }) => entry).filter((each) => each['run'] === run);
  const report = async (run: string) => SmokeReport.parse(await here.look(`/v1/runs/${run}/smoke`));
  const bandOf = ({ instances }: SmokeReport, band: string) => instances[0]?.bands.find((each) => each.band === band);
  let launch = '';

  it('of an engine on which nothing is deployed is inconclusive, and says so', async () => {
    const result = await here.cli(...VALIDATE);

    cliRefused(result, 'EngineRefused', 17);
    assert.match(
      result.words,
      /btc-momentum-1\.smoke\.report: expected a dry-run replay, found btc-momentum-1 refused: nothing is deployed here/,
    );
    const { mode, lock, epoch } = await here.view(BTC);
    assert.deepEqual([mode, lock, epoch], ['OFF', null, 0]);
  });

  it('of a launch replays the newest 15 trading minutes, and archives smoke.json with every band', async () => {
    launch = await launchedUntil(here, BTC, 'the flip');

    const smoke = await report(launch);

    assert.deepEqual([smoke.verdict, smoke.mode, smoke.windowMinutes, smoke.lastGood], ['passed', 'dry-run', 15, null]);
    assert.deepEqual(
      smoke.instances[0]?.bands.map(({ band }) => band),
      SmokeBand.options,
    );
    const [bars, orders, distance] = ['bars', 'orders', 'price-distance'].map((band) => bandOf(smoke, band));
    assert.deepEqual([bars?.measured, orders?.min, distance?.max], [15, 1, 50]);
    const { window, artifactDigest } = smoke.instances[0] ?? {};
    assert.ok(Number(window?.ageHours) < 0.1 && window?.spanMinutes === 15, JSON.stringify(window));
    assert.equal(artifactDigest, (await here.eyes[BTC].engine())['artifactDigest']);
    const passed = (await storyOf(launch)).find(({ type }) => type === 'smoke.passed');
    assert.deepEqual(Object(passed?.['payload']).report, { key: smoke.key, hash: smoke.hash });
    assert.equal(JSON.parse(await here.evidence.read(smoke.key)).run, launch);
  });

  it('on its own is shown beside the last good run, takes no lock, and leaves the launch where it waits', async () => {
    const before = await here.view(BTC);

    const { code, words, lines } = await here.cli(...VALIDATE, '--window', '15m', '--mode', 'dry-run');

    assert.equal(code, 0, words);
    const smoke = SmokeReport.parse(lines.at(-1));
    assert.deepEqual([smoke.verdict, smoke.lastGood?.run], ['passed', launch]);
    assert.equal(typeof bandOf(smoke, 'orders')?.lastGood, 'number');
    assert.match(smoke.run, /^validate-btc-momentum-\d{8}-[0-9a-f]{12}$/);
    const after = await here.view(BTC);
    assert.deepEqual([after.mode, after['lock'], after.epoch], ['LAUNCHING', before['lock'], before.epoch]);
    assert.deepEqual(
      (await storyOf(smoke.run)).map(({ type }) => type),
      ['validation.requested', 'smoke.passed'],
    );
  });

  it('runs beside live trading without touching it', async () => {
    assert.equal((await answer(here, await here.question(launch, 'flag-flip'), 'trader')).status, 200);
    assert.equal((await here.ended(launch)).status, 'SUCCEEDED');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    const { epoch } = await here.view(BTC);

    const { code, words } = await here.cli(...VALIDATE, '--window', '5m');

    assert.equal(code, 0, words);
    const { mode, halted } = await here.eyes[BTC].engine();
    const seen = await here.view(BTC);
    assert.deepEqual([mode, halted, seen.mode, seen.epoch], ['ACTIVE', false, 'ACTIVE', epoch]);
    assert.ok((await here.eyes[BTC].restingOrders()) > 0);
  });

  it('is no way to send anything, and is refused once the strategy is killed', async () => {
    cliRefused(await here.cli(...VALIDATE, '--mode', 'live'), 'UnknownMode', 2);
    await killed(here, BTC, 'quant', 'after the replay');

    cliRefused(await here.cli(...VALIDATE), 'StrategyKilled', 10);
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
