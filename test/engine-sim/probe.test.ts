import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
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

describe('a probe of a running engine', () => {
  let system: RunningSystem;
  let epoch = 0;
  const base = () => ({ strategyId: 'btc', epoch, commandId: randomUUID() });
  const runId = () => `run-${epoch}`;
  const resting = () => system.venuePort.openOrders(system.venue, 'btc');
  const isEmpty = () => eventually(resting, (orders) => orders.length === 0);
  const renewals = (count: number) => {
    const seen = system.plane.renewals.length;
    return eventually(
      () => system.plane.renewals.length,
      (now) => now >= seen + count,
    );
  };
  const order = (over: Record<string, unknown> = {}) =>
    system.engines.probe(
      system.instance(),
      { ...base(), runId: runId(), kind: 'order', venues: ['XSIM'], ...over },
      soon,
    );
  const loseLease = () =>
    system.engines.probe(system.instance(), { ...base(), runId: runId(), kind: 'lose-lease', venues: [] }, soon);
  const halt = () => system.engines.halt(system.instance(), { ...base(), reason: 'probe' }, soon);
  const refusesOrder = (code: string) =>
    assert.rejects(order(), (error: Error & { facts?: { code?: string } }) => error.facts?.code === code);
  const deployed = async () => {
    epoch += 1;
    system.plane.state.grant = { mode: 'LAUNCHING', maxOrdersPerSec: 0, epoch, expiresInMs: 5_000 };
    const command = { ...base(), artifactDigest, parameters: PARAMETERS, limits: LIMITS };
    await system.engines.deploy(system.instance(), command, soon);
    await renewals(2);
  };

  before(async () => {
    system = await runningSystem();
  });
  after(() => system.close());

  it('needs something that is deployed', async () => {
    await renewals(2);

    await refusesOrder('NotLoaded');
  });

  it('puts out one order that rests far from the market, which only its own taking away removes', async () => {
    await deployed();

    const { placed } = await order();

    const [rests] = await resting();
    assert.deepEqual(
      placed.map(({ venue, orderId, side }) => [venue, orderId, side]),
      [['XSIM', rests?.orderId, 'buy']],
    );
    assert.ok((placed[0]?.price ?? 1) <= 0.8 * (placed[0]?.referencePrice ?? 0));
    await renewals(8); // the engine looks four times a second, and takes away what must not rest
    assert.equal((await resting()).length, 1);
    await system.venuePort.cancelAll(system.venue, 'btc');
    await isEmpty();
    assert.equal(system.plane.renewals.at(-1)?.mode, 'SAFE');
  });

  it('takes its order away by itself when its lease is lost, and tells no lapse: it was never armed', async () => {
    await deployed();
    await order();

    assert.equal((await loseLease()).leaseLost, true);

    await isEmpty();
    assert.equal(system.plane.renewals.at(-1)?.lapsedEpoch, null);
  });

  it('refuses every further order of a run once a halt has come, and takes away what rests', async () => {
    await deployed();
    await order();

    assert.equal((await halt()).halted, true);

    await refusesOrder('Halted');
    await isEmpty();
  });

  it('probes on after a halt from before the run, which stays latched', async () => {
    await deployed();

    assert.equal((await order()).placed.length, 1);

    assert.equal((await system.engines.riskStatus(system.instance(), soon)).halted, true);
    await loseLease();
    await isEmpty();
  });

  it('refuses a lower epoch, a venue that it does not trade at, and what a later halt fences', async () => {
    await assert.rejects(order({ epoch: 0 }), {
      facts: { code: 'StaleEpoch', epoch, status: 409, instanceId: 'btc-1' },
    });
    await assert.rejects(order({ venues: ['XNYS'] }), /trades at XSIM alone/);
    await system.killers.halt(system.instance(), { ...base(), epoch: 0, reason: 'a kill from memory' }, soon);

    await refusesOrder('StaleEpoch');
  });

  it('is refused while the instance is armed', async () => {
    await deployed();
    const command = { ...base(), runId: runId(), artifactDigest, limitsDigest, maxOrdersPerSec: 50 };
    await system.engines.arm(system.instance(), command, soon);

    await refusesOrder('Armed');
    await assert.rejects(loseLease(), /armed/);
  });

  it('says so when the venue does not acknowledge it', async () => {
    await deployed();
    await system.fault(system.engine().faultUrl, 'drop-acks', 'POST');

    await refusesOrder('NotAcknowledged');

    await system.fault(system.engine().faultUrl, 'drop-acks', 'DELETE');
    await halt();
    await isEmpty();
  });

  it('still knows after a restart that the run was halted', async () => {
    await system.restartEngine();
    await renewals(2);

    await refusesOrder('Halted');
  });
});
