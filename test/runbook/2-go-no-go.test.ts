import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
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

describe('runbook 2: go or no-go, and what the engines have to say', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let atTheFlip = '';
  const manifest = () => here.evidence.manifestKey(BTC);

  it('is withdrawn when the approved artifact becomes another one while people sign: what they sign is not what would run', {
    skip: !isDeep && DEEP,
  }, async () => {
    const run = await launchedUntil(here, BTC, 'the second confirmation');
    const plan = await here.question(run, 'launch-confirmation');
    const approvedSince = await here.evidence.signedManifest(BTC, { artifact: OTHER });

    const failure = await here.evidence.tampered(
      manifest(),
      () => approvedSince,
      async () => {
        isRefusal(await answer(here, plan, 'risk'), 'PlanChanged', 409);
        return isWithdrawn(here, run, BTC, 'PlanChanged');
      },
    );

    assert.match(String(failure?.message), /artifactDigest/);
  });

  it('says no-go when components of an engine are not heard any more, and which', async () => {
    await here.fault('stop-heartbeats', true);
    const { run, goOn } = await confirmedOnce(here, BTC);

    await goOn();

    const failure = await isWithdrawn(here, run, BTC, 'NoGo');
    await here.fault('stop-heartbeats', false);
    assert.ok(noes(failure).includes('dashboard.btc-momentum-1.execution-gateway'), String(noes(failure)));
    assert.match(String(failure?.message), /expected <= \d+ ms/);
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

    assert.deepEqual(noes(failure), ['btc-momentum-1.smoke.price-distance']);
    assert.match(String(failure?.message), /expected <= 50 bps/);
  });

  it('has rehearsed cancel, lease loss and block with real orders before it asks for the flip: nothing rests, and the engine is halted', async () => {
    atTheFlip = await launchedUntil(here, BTC, 'the flip');

    const { entry } =
      (await here.log(BTC)).entries.findLast(({ entry: each }) => each['type'] === 'kill-path.probed') ?? assert.fail();
    const { key, hash } = Object(Object(entry['payload']).report);
    const { trials, left } = JSON.parse(await here.evidence.read(key));
    assert.deepEqual(
      trials.map(({ path, way, proved }: Record<string, unknown>) => [path, way, proved]),
      ['cancel', 'lease-loss', 'block'].map((path) => [path, 'order', true]),
    );
    assert.match(hash, /^sha256:/);
    const { halted } = await here.eyes[BTC].engine();
    assert.deepEqual([left[0].resting, await here.eyes[BTC].restingOrders(), halted], [0, 0, true]);
  });

  it('has a verdict that anybody can compute again from what was archived, with no control plane at hand', async () => {
    const file = join(here.host.data, 'replayed-go-no-go.json');
    const saved = await here.cli('runs', 'gates', atTheFlip, '--save', file, '--as', 'auditor');
    assert.equal(saved.code, 0, saved.words);
    const same = await here.cli('runs', 'gates', '--replay', '--file', file);
    const decision = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...decision, evidence: { ...decision.evidence, statuses: [] } }));

    const different = await here.cli('runs', 'gates', '--replay', '--file', file);

    assert.deepEqual([same.code, different.code], [0, 5], same.words);
    assert.deepEqual([decision.verdict, decision.evidence.change.recordedAt > ''], ['go', true]);
  });

  it('is withdrawn when an engine does not answer the flip, and an order to arm that arrives late arms nothing', {
    skip: !isDeep && DEEP,
  }, async () => {
    const run = atTheFlip;
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

  it('stops trading when an engine is not heard any more: its lease ends, and it comes back SAFE with nothing resting', {
    skip: !isDeep && DEEP,
  }, async () => {
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

  it('never arms again by itself after that: SAFE until it is stopped and launched anew', {
    skip: !isDeep && DEEP,
  }, async () => {
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
