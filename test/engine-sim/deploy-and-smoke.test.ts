import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOf, digestOfBytes } from '../../domain/ledger/digest.ts';
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
const NEW = 'the strategy, in a new version';

describe('a deployment to a running engine', () => {
  let system: RunningSystem;
  const base = (commandId: string) => ({ strategyId: 'btc', epoch: 1, commandId });
  const deploy = (digest: string = artifactDigest) =>
    system.engines.deploy(
      system.instance(),
      { ...base(`deploy-${digest}`), artifactDigest: digest, parameters: PARAMETERS, limits: LIMITS },
      soon,
    );
  const smoke = (windowMinutes = 15) =>
    system.engines.smoke(system.instance(), { ...base('smoke'), runId: 'run-1', windowMinutes }, soon);
  const status = () => system.engines.riskStatus(system.instance(), soon);
  const stale = (method: 'POST' | 'DELETE') => system.fault(system.engine().faultUrl, 'stale', method);

  before(async () => {
    system = await runningSystem();
    await writeFile(join(system.config.artifacts, digestOfBytes(NEW).replace(':', '-')), NEW);
  });
  after(() => system.close());

  it('that goes past a stale instance is answered with what is really loaded there: nothing', async () => {
    await stale('POST');

    const { artifactDigest: loaded, configuration } = await deploy();

    assert.equal(loaded, null);
    assert.deepEqual(configuration.venues, [{ venue: 'XSIM', kind: 'live' }]);
    await stale('DELETE');
  });

  it('is attested with the set-up of the instance, which its status says too', async () => {
    const { configuration, configurationDigest } = await deploy();

    assert.deepEqual(configuration, {
      ...{ engine: 'tradepulse-engine-sim', version: '1.0.0' },
      venues: [{ venue: 'XSIM', kind: 'live' }],
    });
    assert.equal(configurationDigest, digestOf(configuration));
    assert.equal((await status()).configurationDigest, configurationDigest);
  });

  it('that goes past a stale instance leaves the old artifact running, and says so', async () => {
    await stale('POST');

    const attested = await deploy(digestOfBytes(NEW));

    assert.deepEqual([attested.artifactDigest, (await status()).artifactDigest], [artifactDigest, artifactDigest]);
    await stale('DELETE');
    assert.equal((await deploy(digestOfBytes(NEW))).artifactDigest, digestOfBytes(NEW));
  });

  it('can be replayed: the report names the artifact, and counts what would have been cancelled again', async () => {
    const report = await smoke(30);

    assert.deepEqual([report.bars, report.artifactDigest], [30, digestOfBytes(NEW)]);
    assert.equal(Date.parse(report.window.to) - Date.parse(report.window.from), 30 * 60_000);
    assert.ok(report.cancels !== undefined && report.cancels > 0 && report.cancels <= report.orders.length);
  });

  it('can be replayed while it trades, without touching its mode, its arming or one of its orders', async () => {
    const arm = { ...base('arm'), runId: 'r', artifactDigest: digestOfBytes(NEW), limitsDigest, maxOrdersPerSec: 50 };
    system.plane.state.grant = { mode: 'SAFE', maxOrdersPerSec: 0, epoch: 1, expiresInMs: 2_000 };
    const seen = system.plane.renewals.length;
    await eventually(
      () => system.plane.renewals.length,
      (count) => count > seen + 1,
    );
    await system.engines.arm(system.instance(), arm, soon);
    system.plane.state.grant = { mode: 'ACTIVE', maxOrdersPerSec: 50, epoch: 1, expiresInMs: 2_000 };
    await eventually(status, ({ mode }) => mode === 'ACTIVE');
    const accepted = () => system.venuePort.openOrders(system.venue, 'btc');
    await eventually(accepted, (orders) => orders.length >= PARAMETERS.restingOrders);
    await system.engines.throttle(system.instance(), { ...base('stop-sending'), maxOrdersPerSec: 0 }, soon);
    system.plane.state.grant = { mode: 'THROTTLED', maxOrdersPerSec: 0, epoch: 1, expiresInMs: 2_000 };
    await eventually(status, ({ mode }) => mode === 'THROTTLED');
    const before = [await accepted(), (await status()).epoch];

    const { orders } = await smoke();

    assert.ok(orders.length > 0);
    const { mode, epoch, halted } = await status();
    const ids = (resting: unknown) => (resting as { orderId: string }[]).map(({ orderId }) => orderId);
    const still = ids(await accepted());
    assert.ok(
      still.every((id) => ids(before[0]).includes(id)),
      'nothing new rests',
    );
    assert.deepEqual([mode, epoch, halted], ['THROTTLED', before[1], false]);
  });
});
