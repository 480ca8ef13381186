import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LeaseRequest } from '../../domain/engine/lease-request.ts';
import { distilRenewal } from '../../domain/lease/distil-renewal.ts';
import { FRESH } from '../../engine-sim/engine/engine-state.ts';
import { instanceCore } from '../../engine-sim/engine/instance-core.ts';
import type { InstanceReport } from '../../engine-sim/engine/instance-report.ts';
import { orderEntry } from '../../engine-sim/engine/order-entry.ts';
import { faultyReport, type ReportFault } from '../../engine-sim/engine/report-faults.ts';
import { roundTrips } from '../../engine-sim/engine/round-trips.ts';
import { venueClient } from '../../engine-sim/engine/venue-client.ts';
import { eventually, type RunningSystem, runningSystem } from './running-system.ts';

const START = Date.parse('2026-11-24T12:00:00.000Z');
const iso = (ms: number) => new Date(START + ms).toISOString();
const DIGEST = `sha256:${'5e'.repeat(32)}`;
const COMPONENTS = ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'];

/** What a healthy instance tells at that moment. */
const healthy = (ms: number): InstanceReport => ({
  ...{ instanceId: 'btc-1', processId: 'a1', sentAt: iso(ms), epoch: 3, mode: 'ACTIVE', halted: false, halt: null },
  ...{ lapsedEpoch: null, artifactDigest: DIGEST, limitsDigest: DIGEST, parametersDigest: DIGEST },
  ...{ openOrders: 2, queueBacklog: 0, pnl: { realised: 1, unrealised: 0, currency: 'USD' } },
  positions: [{ instrument: 'BTC-USD', quantity: 2, averagePrice: 60_000, markPrice: 60_100 }],
  targets: [{ instrument: 'BTC-USD', quantity: 2 }],
  roundTrip: { boundsMs: [5, 20], counts: [3, 1, 0] },
  heartbeats: Object.fromEntries(COMPONENTS.map((name) => [name, iso(ms)])),
});

/** A second later, with that fault since then. */
function withFault(fault: ReportFault): InstanceReport {
  let [ms, on] = [0, false];
  const report = faultyReport(
    () => healthy(ms),
    () => 'BTC-USD',
    (each) => on && each === fault,
  );
  report();
  [ms, on] = [1_000, true];
  return report();
}
const distilled = (told: unknown) =>
  distilRenewal({
    report: JSON.parse(JSON.stringify(told)),
    ...{ lease: undefined, live: true, ttlMs: 5_000, receivedAt: new Date(START + 1_000) },
  });

describe('what an instance tells', () => {
  const stopped: [ReportFault, string[]][] = [
    ['stop-heartbeats', COMPONENTS],
    ['stop-market-data', ['marketData']],
    ['stop-feature-store', ['featureStore']],
    ['stop-execution', ['executionGateway', 'orderAcknowledgements']],
    ['stop-risk-service', ['riskService']],
  ];
  for (const [fault, components] of stopped) {
    it(`stands still under ${fault}, and goes on for everything else`, () => {
      const { heartbeats, ...told } = withFault(fault);

      assert.deepEqual(
        COMPONENTS.filter((name) => heartbeats[name] === iso(0)),
        components,
      );
      assert.deepEqual({ ...told, heartbeats: healthy(1_000).heartbeats }, healthy(1_000));
    });
  }

  it('wants other positions than it holds under drift, and one where it holds none', () => {
    const none = faultyReport(
      () => ({ ...healthy(0), positions: [] }),
      () => 'ETH-USD',
      (fault) => fault === 'drift',
    );

    assert.deepEqual(withFault('drift').targets, [{ instrument: 'BTC-USD', quantity: 3.1 }]);
    assert.deepEqual(none().targets, [{ instrument: 'ETH-USD', quantity: 1 }]);
  });

  it('is stamped ahead as a whole under skewed-clock, so that its own ages stay true', () => {
    const told = withFault('skewed-clock');

    assert.deepEqual([told.sentAt, told.heartbeats['riskService']], [iso(5_000), iso(5_000)]);
    assert.deepEqual(distilled(told).telemetry.clockOffsetMs, 4_000);
  });

  it('is another limits document under other-limits', () => {
    const { limitsDigest, ...told } = withFault('other-limits');

    assert.match(String(limitsDigest), /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual({ ...told, limitsDigest: DIGEST }, healthy(1_000));
    assert.notEqual(limitsDigest, DIGEST);
  });

  it('is nonsense under bad-telemetry, of which the control plane believes nothing and says so', () => {
    const told = withFault('bad-telemetry');

    const { report, telemetry } = distilled(told);

    assert.equal(LeaseRequest.safeParse(told).success, false);
    assert.deepEqual(told.roundTrip.counts, healthy(0).roundTrip.counts);
    assert.deepEqual(
      [report['openOrders'], report['queueBacklog'], report['positions']],
      [undefined, undefined, undefined],
    );
    assert.deepEqual(telemetry.clamped.map(({ code }) => code).toSorted(), [
      ...['heartbeat-unreadable', 'open-orders-unreadable', 'positions-unreadable', 'queue-backlog-unreadable'],
      ...['round-trips-unreadable', 'unknown-component'],
    ]);
  });
});

it('slow-acks makes the round trips that the engine measures itself slower than the guardrail', async () => {
  let elapsed = 0;
  const store = { read: () => ({ ...FRESH, armedEpoch: 0, armedRate: 9 }), write: async () => undefined };
  const core = instanceCore('i', store, { elapsed: () => elapsed, wall: () => elapsed }, () => undefined);
  const trips = roundTrips();
  const acknowledged = Promise.withResolvers<void>();
  const client = venueClient({ url: 'http://127.0.0.1:1', key: 'none' }, 's');
  const venue = {
    ...{ ...client, cancel: async () => acknowledged.resolve() },
    submit: async () => ({ orderId: 'order-1', status: 'resting' as const }),
  };
  const later = async () => {
    elapsed += 160;
  };
  const entry = orderEntry({
    ...{ instanceId: 'i', core, venue, trips, newId: () => 'mine', acksLost: () => false, ackDelayed: later },
    thawed: async () => undefined,
  });

  entry.send({ instrument: 'BTC-USD', side: 'buy', quantity: 1, price: 1 });
  await acknowledged.promise;

  assert.equal(trips.p95(elapsed), 160);
});

describe('a healthy engine that has no order to send', () => {
  let system: RunningSystem;
  before(async () => {
    system = await runningSystem();
  });
  after(() => system.close());

  it('goes on showing that its gateway, its acknowledgements and its risk service work, and who it is', async () => {
    const beats = () => system.plane.renewals.at(-1)?.heartbeats ?? {};
    const first = await eventually(beats, (now) => Object.keys(now).length === COMPONENTS.length);

    const later = await eventually(beats, (now) =>
      [...COMPONENTS].every((name) => Reflect.get(now, name) > Reflect.get(first, name)),
    );

    const { sentAt = '', processId, targets } = system.plane.renewals.at(-1) ?? {};
    assert.ok(Object.values(later).every((beat) => Date.parse(sentAt) - Date.parse(beat ?? '') < 2_000));
    assert.deepEqual([processId?.length, targets], [8, []]);
  });

  it('is another process after its restart', async () => {
    const before = system.plane.renewals.at(-1)?.processId;
    await system.restartEngine();

    await eventually(
      () => system.plane.renewals.at(-1)?.processId,
      (now) => now !== before,
    );
  });
});
