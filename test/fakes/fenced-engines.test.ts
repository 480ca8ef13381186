import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FencedEngines } from './fenced-engines.ts';
import { REGISTRATION, RUN, START, STRATEGY } from './world.ts';

const [engine] = REGISTRATION.engines;
assert.ok(engine);
const instance = { ...engine, strategyId: STRATEGY };
const granted = (epoch: number) => ({ mode: 'ACTIVE', maxOrdersPerSec: 4, epoch, expiresInMs: 5_000 });

/** An instance with an unexpired lease and something deployed, and the clock it goes by. */
async function deployed() {
  const clock = { now: START };
  const pass = (ms: number) => {
    clock.now = new Date(clock.now.getTime() + ms);
  };
  const engines = new FencedEngines(() => clock.now);
  const order = { strategyId: STRATEGY, epoch: 1, commandId: 'deploy' };
  await engines.deploy(instance, { ...order, artifactDigest: 'a', parameters: {}, limits: {} });
  const renew = (epoch: number) => {
    const sent = engines.instant();
    pass(1);
    engines.take(instance.instanceId, sent, granted(epoch));
  };
  const arm = (epoch: number, commandId = `arm-${epoch}`) =>
    engines.arm(instance, { ...order, ...engines.attested, epoch, commandId, runId: RUN, maxOrdersPerSec: 4 });
  const mode = () => engines.inForce(instance.instanceId).mode;
  const halt = (epoch: number) => engines.halt(instance, { ...order, epoch, commandId: 'halt', reason: 'killed' });
  renew(1);
  return { engines, pass, renew, arm, halt, mode };
}

describe('FencedEngines keep the engine contract', () => {
  it('may trade when armed, with a lease that was asked for afterwards, and no longer than that runs', async () => {
    const { pass, renew, arm, mode } = await deployed();
    await arm(1);
    const before = mode();
    pass(1);
    renew(1);

    assert.deepEqual([before, mode()], ['SAFE', 'ACTIVE']);
    pass(5_000);
    assert.equal(mode(), 'SAFE');
  });

  it('latch a halt that knows no epoch: only an arm at a later epoch lifts it', async () => {
    const { engines, renew, arm, halt, mode } = await deployed();
    await halt(0);

    await assert.rejects(arm(1), { name: 'EngineRefused', facts: { code: 'StaleEpoch' } });
    renew(2);
    await arm(2);

    assert.equal(mode(), 'SAFE');
    assert.deepEqual(
      engines.obeyed.map(({ command, epoch, latchedFrom }) => [command, epoch, latchedFrom]),
      [
        ['halt', 0, 2],
        ['arm', 2, null],
      ],
    );
  });

  it('refuse a command of an epoch that is over, and an arm without a lease', async () => {
    const { pass, arm, renew } = await deployed();
    pass(1);
    renew(3);
    await assert.rejects(arm(2), { name: 'EngineRefused' });
    pass(5_000);

    await assert.rejects(arm(3), { name: 'EngineRefused', facts: { code: 'NoLease' } });
  });

  it('hear no halt when they are deaf', async () => {
    const { engines, halt } = await deployed();
    engines.deaf.add(instance.instanceId);

    await assert.rejects(halt(1), { name: 'EngineUnreachable' });
  });
});
