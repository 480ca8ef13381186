import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Alert } from '../../../domain/alert/alert.ts';
import { LiveMetric } from '../../../domain/dashboard/dashboard-file.ts';
import { ActorId, RunId, StrategyId } from '../../../domain/ids.ts';
import type { Mode } from '../../../domain/mode.ts';
import { listMonitors } from '../../../domain/monitor/list-monitors.ts';
import { metricsOf } from '../../../domain/monitor/metrics-of.ts';
import { monitorView } from '../../../domain/monitor/monitors-view.ts';
import type { Sample } from '../../../domain/monitor/sample.ts';
import { ago, anInstance, aSample, beats, INSTRUMENT, position, roundTrips } from '../../fakes/a-sample.ts';
import { healthyWorld } from '../../fakes/healthy-world.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { REGISTRATION, START, STRATEGY, stateOf } from '../../fakes/world.ts';

const SETTINGS = shippedMonitors().defaults;
const alert = (more: object) =>
  Alert.parse({
    ...{
      id: `${STRATEGY}/latency/roundTrip`,
      strategyId: STRATEGY,
      rule: 'latency',
      subject: 'roundTrip',
      level: 'act',
    },
    ...{
      action: 'throttle',
      detail: 'slow',
      count: 3,
      version: 1,
      relapses: 0,
      reached: { since: START.toISOString(), at: START.toISOString() },
    },
    ...{
      since: START.toISOString(),
      detectedAt: START.toISOString(),
      openedAt: START.toISOString(),
      lastAt: START.toISOString(),
    },
    ...more,
  });
const viewed = (sample: Sample, alerts: readonly Alert[] = []) =>
  monitorView(sample, { settings: SETTINGS, alerts, calendar: undefined, isWatched: true });
const missedOf = (sample: Sample, alerts: readonly Alert[] = []) =>
  Object.fromEntries(
    (viewed(sample, alerts).instances[0]?.beats ?? []).map(({ component, missed }) => [component, missed]),
  );
const held = { positions: [position(101)], ...{ heartbeats: beats(100) } };
const trading = (given: Parameters<typeof anInstance>[0] = {}) => aSample({ instances: [anInstance(given)] });

describe('monitorView', () => {
  it('shows what holds it back while it trades, and its safe mode while it is SAFE: what is left of them means nothing', () => {
    const by = { by: ActorId.parse('service:watchdog'), at: START.toISOString(), reason: 'slow' };
    const rates = { approvedOrdersPerSec: 4, maxOrdersPerSec: 1 };
    const restriction = { mode: 'THROTTLED' as const, ...rates, causes: [{ ...by, id: 'latency' }] };
    const safeMode = { ...by, runId: RunId.parse('safe-mode-1'), cause: 'heartbeat' as const };
    const shown = (mode: Mode) => {
      const { restriction: held, safeMode: safe } = viewed(aSample({ state: { mode, restriction, safeMode } }));
      return [held?.mode, safe?.cause];
    };

    assert.deepEqual(shown('THROTTLED'), ['THROTTLED', undefined]);
    assert.deepEqual(shown('SAFE'), [undefined, 'heartbeat']);
    assert.deepEqual(shown('KILLED'), [undefined, undefined]);
  });

  it('shows ages against their SLA, round trips against the guardrail, drift, use of limits, and what nobody knows as nothing', () => {
    const telemetry = { roundTrips: roundTrips(100, 40), targets: [{ instrument: INSTRUMENT, quantity: 100 }] };

    const { instances, drift, limitUse, at } = viewed(trading({ report: held, telemetry }));

    const [first] = instances;
    assert.deepEqual(first?.beats[2], { component: 'executionGateway', ageMs: 100, slaMs: 2_000, missed: 0 });
    assert.deepEqual([first?.openOrders, first?.queueBacklog, first?.leaseAgeMs, first?.holdsLease], [2, 0, 0, true]);
    assert.deepEqual([first?.latency?.samples, first?.latency?.limitMs], [40, 120]);
    assert.deepEqual(drift, { instrument: INSTRUMENT, share: 0.01, limit: 0.005 });
    assert.deepEqual(limitUse, { below: 0.5 });
    assert.deepEqual(at, { utc: START.toISOString() });
    const none = viewed(
      aSample({ instances: [{ instanceId: 'btc-momentum-1', lease: undefined }], limits: undefined }),
    );
    assert.deepEqual(
      [none.instances[0]?.latency, none.instances[0]?.openOrders, none.instances[0]?.leaseAgeMs, none.drift],
      [null, null, null, null],
    );
  });

  it('counts missed cycles as the rules do, and remembers by open alerts what the newest look cannot', () => {
    const late = (ms: number) =>
      trading({ report: { heartbeats: { ...beats(100), executionGateway: ago(ms), riskService: ago(ms) } } });
    assert.deepEqual(
      [2_900, 3_100, 4_100, 6_100].map((ms) => missedOf(late(ms))['executionGateway']),
      [0, 1, 2, 3],
    );
    assert.equal(missedOf(late(4_100))['riskService'], 2);

    const { action: _none, ...warned } = alert({ level: 'warn' });
    assert.equal(viewed(trading(), [warned]).alerts[0]?.action, null);
    const silent = trading({ report: { heartbeats: { ...beats(100), marketData: undefined } } });
    assert.equal(missedOf(silent)['marketData'], 1);
    const open = alert({ rule: 'heartbeat', subject: 'marketData@btc-momentum-1', action: 'safe-mode' });
    assert.equal(missedOf(silent, [open])['marketData'], 3);
    assert.equal(missedOf(silent, [open, { ...open, level: 'warn' }])['marketData'], 3);
  });

  it('tells the use of limits that the watchdog tells, and none where nobody knows', () => {
    const used = (measured: number | undefined, more: object = {}) =>
      alert({ rule: 'limit-use', subject: 'notional:X', level: 'warn', measured, unit: '%', ...more });
    const useOf = (alerts: readonly Alert[], mode: 'ACTIVE' | 'SAFE' = 'ACTIVE') =>
      viewed(aSample({ state: { mode } }), alerts).limitUse;
    assert.deepEqual(useOf([alert({})]), { below: 0.5 });
    assert.deepEqual(useOf([used(60), used(87.5, { rule: 'kill-threshold' })]), { share: 0.875 });
    assert.deepEqual(useOf([used(undefined)]), { share: 1 });
    assert.equal(useOf([used(60), used(undefined, { subject: 'limits', unit: undefined })]), null);
    assert.equal(useOf([], 'SAFE'), null);
    assert.deepEqual(useOf([used(60)], 'SAFE'), { share: 0.6 });
  });

  it('tells no drift against targets that are all met, nor any counts of an engine that holds no lease', () => {
    assert.deepEqual(viewed(trading()).drift, { instrument: '', share: 0, limit: 0.005 });
    const over = viewed(trading({ lease: { expiresAt: ago(1) } })).instances[0];
    assert.deepEqual([over?.openOrders, over?.queueBacklog, over?.holdsLease], [null, null, false]);
    const odd = viewed(trading({ report: { openOrders: 'many' } })).instances[0];
    assert.equal(odd?.openOrders, null);
  });
});

describe('listMonitors', () => {
  const thresholdsOf = async (made: Awaited<ReturnType<typeof healthyWorld>>, query = {}) =>
    listMonitors(query, { ...made.ports, portfolio: made.evidence });

  it('shows every registered strategy with its open alerts, and when the watchdog looked', async () => {
    const made = await healthyWorld();
    const other = StrategyId.parse('another');
    made.store.strategies.set(other, { ...stateOf(made), id: other });
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, id: other, primaryVenue: 'XNONE' } });
    const unknown = StrategyId.parse('not-there-yet');
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, id: unknown } });
    await made.store.put({ kind: 'ALERT', record: alert({}) });
    const review = { id: 'drift-1', strategyId: STRATEGY, status: 'over' as const, openedAt: ago(0), at: ago(0) };
    await made.store.put({ kind: 'DRIFT', record: { ...review, lines: [], version: 1 } });
    made.pass(4_000);

    const { watchdog, strategies, hasThresholds } = await thresholdsOf(made);

    assert.deepEqual([watchdog, hasThresholds], [{ ageMs: 4_000, isLate: true }, true]);
    assert.deepEqual(
      strategies.map(({ strategyId, alerts, at }) => [strategyId, alerts.map(({ since }) => since), 'local' in at]),
      [
        ['another', [], false],
        [STRATEGY, [START.toISOString()], true],
      ],
    );
    const [one] = (await thresholdsOf(made, { strategy: other })).strategies;
    assert.equal(one?.strategyId, other);
    await assert.rejects(thresholdsOf(made, { strategy: 'nobody' }), { name: 'UnknownStrategy' });
  });

  it('takes targets from the evidence bucket where engines tell none, and shows no drift where they cannot be read', async () => {
    const made = await healthyWorld();
    const drift = async () => (await thresholdsOf(made)).strategies[0]?.drift;
    assert.equal(await drift(), null);
    const file = { strategy: STRATEGY, at: START.toISOString(), targets: [{ instrument: INSTRUMENT, quantity: 0 }] };
    made.evidence.files.set(`portfolio/targets/${STRATEGY}.json`, Buffer.from(JSON.stringify(file)));
    assert.deepEqual(await drift(), { instrument: INSTRUMENT, share: 0, limit: 0.005 });
    made.evidence.files.set(`portfolio/targets/${STRATEGY}.json`, Buffer.from('nothing'));
    assert.equal(await drift(), null);
    const { lease } = anInstance({ telemetry: { targets: [] } });
    if (lease) await made.store.put({ kind: 'LEASE', record: lease });
    assert.equal((await drift())?.share, 0);
  });

  it('says so where no thresholds are registered, where nobody watches, and shows no use of limits then', async () => {
    const made = await healthyWorld();
    made.pass(4_000);
    assert.equal((await thresholdsOf(made)).strategies[0]?.limitUse, null);
    made.store.records.delete('MONITORS#monitors');
    made.store.records.delete('WATCH#watchdog');

    const { watchdog, hasThresholds, strategies } = await thresholdsOf(made);

    assert.deepEqual([watchdog, hasThresholds, strategies], [{ ageMs: null, isLate: true }, false, []]);
  });
});

describe('metricsOf', () => {
  const named = (sample: Sample) =>
    metricsOf(sample, SETTINGS).flatMap(({ dimensions, metrics }) =>
      metrics.map(({ name, value }) => [...Object.values(dimensions), name, value].join(' ')),
    );

  it('is twelve metrics of a strategy with one instance, and its mode beside them', () => {
    const telemetry = { roundTrips: roundTrips(100, 40), targets: [{ instrument: INSTRUMENT, quantity: 100 }] };
    const sample = trading({ report: held, telemetry });

    assert.deepEqual(named(sample), [
      'btc-momentum DriftMax 1',
      'btc-momentum LimitUseMax 2020',
      ...[
        'OpenOrders 2',
        'QueueBacklog 0',
        'AcknowledgementP95Ms 99.5',
        'AcknowledgementsHealthy 1',
        'LeaseAgeMs 0',
      ].map((each) => `btc-momentum btc-momentum-1 ${each}`),
      ...['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'].map(
        (each) => `btc-momentum btc-momentum-1 ${each} HeartbeatAgeMs 100`,
      ),
    ]);
    assert.deepEqual(metricsOf(sample, SETTINGS)[0]?.facts, { mode: 'ACTIVE' });
  });

  it('leaves out what nobody knows, and calls acknowledgements healthy only while they report within their SLA', () => {
    const silent = aSample({ instances: [{ instanceId: 'btc-momentum-1', lease: undefined }], limits: undefined });
    assert.deepEqual(named(silent), ['btc-momentum btc-momentum-1 AcknowledgementsHealthy 0']);
    const late = trading({ report: { heartbeats: { ...beats(100), orderAcknowledgements: ago(2_001) } } });
    assert.ok(named(late).includes('btc-momentum btc-momentum-1 AcknowledgementsHealthy 0'));
  });

  it('publishes every metric that the live dashboard may chart, and no other', () => {
    const telemetry = { roundTrips: roundTrips(100, 40), targets: [] };
    const names = metricsOf(trading({ telemetry }), SETTINGS).flatMap(({ metrics }) => metrics.map(({ name }) => name));

    assert.deepEqual([...new Set(names)].sort(), LiveMetric.options.toSorted());
  });

  it('tells nothing of what is OFF or KILLED: nobody reads its leases', () => {
    for (const mode of ['OFF', 'KILLED'] as const) assert.deepEqual(named(aSample({ state: { mode } })), []);
  });
});
