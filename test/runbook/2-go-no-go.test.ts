import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import {
  answer,
  confirmedOnce,
  isWithdrawn,
  killPath,
  launchedUntil,
  launchPath,
  noes,
  startLaunch,
  stopPath,
} from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';

const OTHER = '0'.repeat(64);

describe('runbook 2: go or no-go, and what the engines have to say', () => {
  const here = onALocalHost();
  const manifest = () => here.evidence.manifestKey(BTC);

  it('says no-go, and names the instance, when an engine runs another artifact than the approved one', async () => {
    const { run, goOn } = await confirmedOnce(here, BTC);
    const approvedSince = await here.evidence.signedManifest(BTC, { artifact: OTHER });

    const failure = await here.evidence.tampered(
      manifest(),
      () => approvedSince,
      () => goOn().then(() => isWithdrawn(here, run, BTC, 'ArtifactNotAttested')),
    );

    assert.deepEqual(noes(failure), ['btc-momentum-1.artifactDigest']);
    assert.match(String(failure?.message), /btc-momentum-1\.artifactDigest is sha256:/);
  });

  it('loads no artifact whose bytes are not what its name says, and names the instance', async () => {
    const artifact = String((await here.eyes[BTC].engine())['artifactDigest']);

    const failure = await here.evidence.tampered(
      here.evidence.artifactKey(artifact),
      (text) => `${text}\n`,
      async () => isWithdrawn(here, await startLaunch(here, BTC), BTC, 'EngineRefused'),
    );

    assert.match(String(failure?.message), /btc-momentum-1 refused: the file sha256-[0-9a-f]+ hashes to sha256:/);
  });

  it('says no-go when the orders of the smoke replay leave their band, and which one', async () => {
    const [before, parameters] = [await here.evidence.read(manifest()), here.evidence.parametersKey(BTC)];
    const failure = await here.evidence.tampered(
      manifest(),
      () => before,
      () =>
        here.evidence.tampered(
          parameters,
          (text) => text,
          async () => {
            await here.evidence.approve(BTC, { quoteOffsetBps: 50 });
            const { run, goOn } = await confirmedOnce(here, BTC);
            await goOn();
            return isWithdrawn(here, run, BTC, 'SmokeOutOfTolerance');
          },
        ),
    );

    assert.deepEqual(noes(failure), ['smoke.price-distance']);
    assert.match(String(failure?.message), /expected <= 50 bps/);
  });

  it('is withdrawn when an engine does not answer the flip, and an order to arm that arrives late arms nothing', async () => {
    const run = await launchedUntil(here, BTC, 'the flip');
    await here.fault('freeze', true);

    assert.equal((await answer(here, await here.question(run, 'flag-flip'), 'trader')).status, 200);

    const failure = await isWithdrawn(here, run, BTC, 'EngineUnreachable');
    await here.fault('freeze', false);
    assert.match(String(failure?.message), /btc-momentum-1/);
    await eventually(
      'another lease',
      () => here.view(BTC),
      ({ leases }) => Number(leases[0]?.ageMs) < 1000,
    );
    const { mode } = await here.eyes[BTC].engine();
    assert.deepEqual([mode === 'ACTIVE', await here.eyes[BTC].restingOrders()], [false, 0]);
  });

  it('stops trading when an engine is not heard any more: its lease ends, and it comes back SAFE with nothing resting', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');
    const { epoch } = await here.view(BTC);
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);

    await here.fault('freeze', true);
    const { whyNot } = await eventually(
      'the end of the lease',
      () => here.view(BTC),
      (seen) => !seen.tradingAllowed,
    );
    await here.fault('freeze', false);

    assert.deepEqual(whyNot, ['no engine instance holds a lease of this epoch']);
    await here.modeIs(BTC, 'SAFE');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0);
    await eventually('the engine', here.eyes[BTC].engine, ({ mode }) => mode === 'SAFE');
    assert.equal((await here.view(BTC)).epoch, epoch + 1);
  });

  it('never arms again by itself after that: SAFE until it is stopped and launched anew', async () => {
    const { leases } = await here.view(BTC);
    await eventually(
      'another lease',
      () => here.view(BTC),
      (seen) => seen.leases[0]?.expiresAt !== leases[0]?.expiresAt,
    );

    const { mode, tradingAllowed } = await here.view(BTC);

    assert.deepEqual([mode, tradingAllowed, (await here.eyes[BTC].engine()).mode], ['SAFE', false, 'SAFE']);
    isRefusal(await here.ask(launchPath(BTC), { as: 'trader', body: { environment: 'prod' } }), 'StrategyNotOff', 409);
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });
    assert.equal((await here.ended(stop)).status, 'SUCCEEDED');
  });

  it('lets a kill say that no engine could be reached, and that the lease bounds it', async () => {
    await here.fault('freeze', true);

    const { status, body } = await here.ask(killPath(BTC), { as: 'quant', body: { reason: 'no answer' } });

    assert.deepEqual(
      [status, body['latched'], body['status'], body['leaseBoundMs']],
      [202, true, 'lease-bounded', 5000],
    );
    assert.match(String(body['summary']), /0 of 1 engine instances say they are halted/);
    await here.fault('freeze', false);
    await eventually('the engine', here.eyes[BTC].engine, ({ halted, mode }) => halted && mode !== 'ACTIVE');
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
