import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  artifactDigest,
  eventually,
  LIMITS,
  limitsDigest,
  PARAMETERS,
  type RunningSystem,
  runningSystem,
} from './running-system.ts';

const soon = { deadlineMs: 5_000 };

/** Orders that do not close what is held: an order that closes may rest for as long as the market wants. */
const enlarging = <Order extends { side: string }>(orders: readonly Order[], [held]: readonly { quantity: number }[]) =>
  orders.filter(({ side }) => !held || side === (held.quantity > 0 ? 'buy' : 'sell'));

describe('a running engine', () => {
  let system: RunningSystem;
  let epoch = 0;
  const base = (commandId: string) => ({ strategyId: 'btc', epoch, commandId });
  const status = () => system.engines.riskStatus(system.instance(), soon);
  const resting = () => system.venuePort.openOrders(system.venue, 'btc');
  const grant = (mode: string, maxOrdersPerSec = 50) => {
    system.plane.state.grant = { mode, maxOrdersPerSec, epoch, expiresInMs: 2_000 };
  };
  const deploy = () =>
    system.engines.deploy(
      system.instance(),
      { ...base(`deploy-${epoch}`), artifactDigest, parameters: PARAMETERS, limits: LIMITS },
      soon,
    );
  const arm = (commandId = `arm-${epoch}`) =>
    system.engines.arm(
      system.instance(),
      { ...base(commandId), runId: 'run-1', artifactDigest, limitsDigest, maxOrdersPerSec: 50 },
      soon,
    );
  const goLive = async () => {
    epoch += 1;
    grant('LAUNCHING');
    const seen = system.plane.renewals.length;
    await deploy();
    await eventually(
      () => system.plane.renewals.length,
      (count) => count > seen + 1,
    );
    await arm();
    grant('ACTIVE');
    await eventually(status, ({ mode }) => mode === 'ACTIVE');
    await eventually(resting, (orders) => orders.length > 0);
  };

  before(async () => {
    system = await runningSystem();
    await eventually(
      () => system.plane.renewals.length,
      (count) => count > 0,
    );
  });
  afterEach(async () => {
    system.plane.state.refuse = undefined;
    system.plane.state.silent = false;
  });
  after(() => system.close());

  it('attests by its own hash what it loaded', async () => {
    const attestation = await deploy();

    assert.equal(attestation.artifactDigest, artifactDigest);
    assert.equal(attestation.limitsDigest, limitsDigest);
    await assert.rejects(
      system.engines.deploy(
        system.instance(),
        { ...base('d2'), artifactDigest: `sha256:${'0'.repeat(64)}`, parameters: {}, limits: {} },
        soon,
      ),
      {
        name: 'EngineRefused',
        facts: {
          code: 'ArtifactMissing',
          status: 404,
          instanceId: 'btc-1',
          artifactDigest: `sha256:${'0'.repeat(64)}`,
        },
      },
    );
  });

  it('says of its venue that it is live unless it was told better; the simulated venue says itself what it is', async () => {
    assert.deepEqual((await status()).venues, [{ venue: 'XSIM', kind: 'live' }]);
    assert.equal(await system.venuePort.kind(system.venue), 'simulated');
  });

  it('replays 15 recorded minutes without sending anything', async () => {
    const report = await system.engines.smoke(
      system.instance(),
      { ...base('smoke-1'), runId: 'run-1', windowMinutes: 15 },
      soon,
    );

    assert.equal(report.bars, 15);
    assert.ok(report.orders.length > 0);
    assert.equal(report.rejects, 0);
    assert.deepEqual(await resting(), []);
  });

  it('trades once it is armed and a lease asked for afterwards says ACTIVE, and tells the control plane', async () => {
    await goLive();

    const last = await eventually(
      () => system.plane.renewals.at(-1),
      (renewal) => renewal?.mode === 'ACTIVE' && renewal.openOrders > 0,
    );
    assert.equal(last?.artifactDigest, artifactDigest);
    const { acknowledgements, killSwitch } = await eventually(
      status,
      ({ acknowledgements: { p95Ms } }) => p95Ms !== null,
    );
    assert.equal(acknowledgements.healthy, true);
    assert.equal(killSwitch.subscribed, true);
  });

  it('halts at once by the kill key, from an epoch it knows nothing about, and the venue is empty', async () => {
    const halted = await system.killers.halt(
      system.instance(),
      { strategyId: 'btc', epoch: 0, commandId: 'kill-1', reason: 'test' },
      soon,
    );

    assert.equal(halted.halted, true);
    assert.equal((await status()).mode, 'SAFE');
    await eventually(resting, (orders) => orders.length === 0);
  });

  it('stays halted over a restart, and refuses to be armed at the epoch that the kill fenced', async () => {
    await system.restartEngine();

    assert.equal((await status()).halted, true);
    await assert.rejects(arm('arm-again'), { name: 'EngineRefused' });
    await assert.rejects(
      system.killers.arm(
        system.instance(),
        { ...base('k'), runId: 'r', artifactDigest, limitsDigest, maxOrdersPerSec: 1 },
        soon,
      ),
      {
        name: 'EngineRefused',
      },
    );
  });

  it('lets resting orders run out in REDUCE_ONLY and sends none that would enlarge', async () => {
    await goLive();

    epoch += 1;
    grant('REDUCE_ONLY', 0);
    await system.engines.mode(system.instance(), { ...base('mode-1'), mode: 'REDUCE_ONLY' }, soon);

    const held = () => system.engines.positions(system.instance(), soon);
    await eventually(
      async () => enlarging(await resting(), await held()),
      ({ length }) => length === 0,
      10_000,
    );
    const settled = await system.engines.settle(system.instance(), base('settle-1'), soon);
    assert.deepEqual(enlarging(settled.openOrders, settled.positions), []);
  });

  it('cancels and goes SAFE when its lease runs out, and renewals alone never bring it back', async () => {
    await goLive();
    system.plane.state.grant = { mode: 'ACTIVE', maxOrdersPerSec: 50, epoch, expiresInMs: 600 };
    const seen = system.plane.renewals.length;
    await eventually(
      () => system.plane.renewals.length,
      (count) => count > seen + 1,
    );

    system.plane.state.silent = true;
    await eventually(status, ({ mode }) => mode === 'SAFE');
    await eventually(resting, (orders) => orders.length === 0);

    system.plane.state.silent = false;
    const later = system.plane.renewals.length;
    await eventually(
      () => system.plane.renewals.length,
      (count) => count > later + 2,
    );
    assert.equal((await status()).mode, 'SAFE');
    assert.equal((await status()).halted, false);
  });

  it('adopts the epoch of a lease that the control plane calls expired', async () => {
    system.plane.state.refuse = Response.json({ code: 'LeaseExpired', facts: { epoch: epoch + 7 } }, { status: 409 });

    const { epoch: adopted } = await eventually(status, (now) => now.epoch === epoch + 7);

    epoch = adopted;
  });

  it('while frozen neither answers nor renews, and wakes up without trading', async () => {
    await goLive();
    system.plane.state.grant = { mode: 'ACTIVE', maxOrdersPerSec: 50, epoch, expiresInMs: 600 };
    const seen = system.plane.renewals.length;
    await eventually(
      () => system.plane.renewals.length,
      (count) => count > seen + 2,
    );
    await system.fault(system.engine().faultUrl, 'freeze', 'POST');
    await assert.rejects(system.engines.riskStatus(system.instance(), { deadlineMs: 200 }), {
      name: 'EngineUnreachable',
    });
    assert.ok((await resting()).length > 0, 'a frozen engine cancels nothing');
    await system.venuePort.cancelAll(system.venue, 'btc');
    await eventually(resting, (orders) => orders.length === 0);
    const frozenAt = performance.now();
    await eventually(
      () => performance.now() - frozenAt,
      (ms) => ms > 700,
    );

    await system.fault(system.engine().faultUrl, 'freeze', 'DELETE');

    assert.equal((await status()).mode, 'SAFE');
  });
});
