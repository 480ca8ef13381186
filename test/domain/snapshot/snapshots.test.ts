import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { runKey } from '../../../domain/run-key.ts';
import { limitsUse } from '../../../domain/snapshot/limits-use.ts';
import { Snapshot } from '../../../domain/snapshot/snapshot.ts';
import { takeSnapshots } from '../../../domain/snapshot/take-snapshots.ts';
import { LIMITS, launching, RUN, START, STRATEGY, stateOf, type World } from '../../fakes/world.ts';

const position = (instrument: string, quantity: number, markPrice = 100) => ({
  ...{ instrument, quantity, markPrice, averagePrice: 100 },
});
const pnl = (realised: number, unrealised = 0) => ({ realised, unrealised });

describe('limitsUse', () => {
  it('is each instrument against its own limits, and all of it against what would kill', () => {
    const use = limitsUse([position('BTC-PERP', -2, 500), position('BTC-PERP', 1, 500)], [pnl(-300, 100)], LIMITS);

    assert.deepEqual(use.instruments, [
      { instrument: 'BTC-PERP', notional: 500, ofMaxNotional: 0.005, ofMaxPosition: 0.2 },
    ]);
    assert.deepEqual([use.grossNotional, use.ofKillNotional, use.loss, use.ofKillLoss], [500, 0.0025, 200, 0.2]);
    assert.equal(use.worst, 0.2);
  });

  it('counts what has no limit of its own, and no profit', () => {
    const use = limitsUse([position('ETH-PERP', 3), position('SOL-PERP', 0)], [pnl(50)], LIMITS);

    assert.deepEqual(use.instruments, [
      { instrument: 'ETH-PERP', notional: 300, ofMaxNotional: null, ofMaxPosition: null },
    ]);
    assert.deepEqual([use.loss, use.ofKillLoss], [0, 0]);
  });

  it('is in the order of names, and never less for a larger position', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (held, more) => {
        const at = (quantity: number) => limitsUse([position('Z', 1), position('BTC-PERP', quantity)], [], LIMITS);

        assert.ok(at(held + more).worst >= at(held).worst);
        assert.equal(at(1).instruments[0]?.instrument, 'BTC-PERP');
        const other = limitsUse([position('A', 1), position('BTC-PERP', 1)], [], LIMITS);
        assert.equal(other.instruments[0]?.instrument, 'A');
      }),
      { seed: 9, numRuns: 100 },
    ));
});

describe('takeSnapshots', () => {
  let made: World;
  const report = {
    ...{ mode: 'ACTIVE', halted: false, openOrders: 2, queueBacklog: 0, positions: [position('BTC-PERP', 1)] },
    ...{ pnl: { realised: -100, unrealised: 0, currency: 'USD' }, roundTrip: { boundsMs: [5], counts: [1, 0] } },
    ...{ artifactDigest: null, limitsDigest: null, parametersDigest: null },
  };
  beforeEach(async () => {
    made = await launching();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', maxOrdersPerSec: 4 });
    await lease('btc-momentum-1', report);
    await lease('btc-momentum-2', { positions: 'none' });
  });
  const lease = (instanceId: string, said: Record<string, unknown>) =>
    made.store.put({
      kind: 'LEASE',
      record: {
        ...{ id: `${STRATEGY}/${instanceId}`, strategyId: STRATEGY, instanceId, epoch: 0, grantedMode: 'ACTIVE' },
        ...{ grantedAt: START.toISOString(), expiresAt: START.toISOString(), report: said },
      },
    });
  const take = async () => takeSnapshots(await made.store.list(), made.ports);
  const kept = async () => {
    const run = await made.store.get('RUN', RUN);
    assert.ok(run);
    const keys = await made.evidence.list(runKey(run, 'snapshots/'));
    return keys.map((key) => ({
      key,
      snapshot: Snapshot.parse(JSON.parse(Buffer.from(made.evidence.files.get(key) ?? []).toString())),
    }));
  };

  it('keep what a live strategy last reported in the folder of its launch, with the use of its limits', async () => {
    assert.equal(await take(), 1);

    const [{ key, snapshot } = assert.fail('nothing was kept')] = await kept();
    assert.match(key, /snapshots\/20261124T1200Z\.json$/);
    assert.equal(snapshot.use?.ofKillLoss, 0.1);
    const [first, second] = snapshot.instances;
    assert.equal(first && 'openOrders' in first && first.openOrders, 2);
    assert.deepEqual(second, { instanceId: 'btc-momentum-2', unknown: 'its last report cannot be read' });
  });

  it('keep one for each minute, however often they are taken', async () => {
    const first = await take();
    made.pass(30_000);
    const again = await take();
    made.pass(30_000);
    await take();

    assert.deepEqual([first, again, (await kept()).length], [1, 0, 2]);
  });

  it('are kept under the launch while its stop goes on, and name an instance that never renewed', async () => {
    const stop = { ...(await made.store.get('RUN', RUN)), id: 'stop-1', machine: 'stop', request: { stops: RUN } };
    made.store.records.set('RUN#stop-1', { kind: 'RUN', record: stop as never });
    made.store.records.delete(`LEASE#${STRATEGY}/btc-momentum-2`);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'STOPPING', run: { id: 'stop-1' as never } });

    await take();

    assert.equal((await kept())[0]?.snapshot.instances[1]?.instanceId, 'btc-momentum-2');
    assert.match(JSON.stringify((await kept())[0]?.snapshot), /it never renewed a lease/);
  });

  it('are taken of what is live, and of nothing else', async () => {
    for (const mode of ['OFF', 'LAUNCHING', 'KILLED'] as const) {
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode });
      assert.equal(await take(), 0, mode);
    }
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'SAFE' });
    assert.equal(await take(), 1);
  });

  it('are not kept of a run that nobody knows', async () => {
    made.store.records.delete(`RUN#${RUN}`);

    assert.equal(await take(), 0);
  });

  it('say nothing of limits that cannot be read', async () => {
    made.evidence.files.delete(LIMITS_KEY);

    await take();

    assert.equal((await kept())[0]?.snapshot.use, null);
  });

  it('are kept of all others when one cannot be, which is told at the end', async () => {
    const other = { ...stateOf(made), id: 'eurusd-carry' as never };
    made.store.strategies.set('eurusd-carry', other);

    await assert.rejects(take(), /1 snapshots were not kept/);
    assert.equal((await kept()).length, 1);
  });
});
