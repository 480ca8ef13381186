import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readDashboard } from '../../../adapters/yaml/read-dashboard.ts';
import { checkThresholds } from '../../../domain/dashboard/check-thresholds.ts';
import { LiveDashboardText } from '../../../domain/dashboard/live-dashboard.ts';
import { LiveSignal } from '../../../domain/dashboard/live-signal.ts';
import { measureSignals } from '../../../domain/dashboard/measure-signals.ts';
import { registerDashboard } from '../../../domain/dashboard/register-dashboard.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { shippedDashboard } from '../../fakes/governance.ts';
import { world } from '../../fakes/world.ts';

const FILE = 'observability/dashboards/live.yaml';
const TEXT = readFileSync(FILE, 'utf8');
const NOW = new Date('2026-11-24T12:00:01.000Z');
const GRANTED = '2026-11-24T12:00:00.500Z';

const { live } = shippedDashboard();
const good = {
  'acknowledgements-healthy': 1,
  'acknowledgement-p95-ms': 40,
  'queue-backlog': 0,
  'lease-age-ms': 900,
  'heartbeat-market-data-ms': 200,
  'heartbeat-feature-store-ms': 4_000,
  'heartbeat-execution-gateway-ms': 400,
  'heartbeat-order-acknowledgements-ms': 400,
  'heartbeat-risk-service-ms': 900,
};
const verdictsOf = (signals: Partial<Record<LiveSignal, number>>) =>
  checkThresholds(live, [{ instanceId: 'i-1', signals, observedAt: NOW.toISOString() }]);

describe('the live dashboard', () => {
  it('holds every signal to the runbook: 120 ms, no backlog, 60 s for market data, 2 s for execution', () => {
    const line = (signal: string) => live.thresholds.find((each) => each.signal === signal);

    assert.deepEqual(live.thresholds.map(({ signal }) => signal).toSorted(), LiveSignal.options.toSorted());
    assert.deepEqual(
      ['acknowledgement-p95-ms', 'queue-backlog', 'heartbeat-market-data-ms', 'heartbeat-execution-gateway-ms'].map(
        (each) => [line(each)?.is, line(each)?.value],
      ),
      [
        ['below', 120],
        ['at most', 0],
        ['at most', 60_000],
        ['at most', 2_000],
      ],
    );
    assert.ok(verdictsOf(good).every(({ verdict }) => verdict === 'go'));
  });

  it('says no to what crosses a line, and to what was not measured; only the p95 of an engine without orders warns', () => {
    const empty = verdictsOf({});

    assert.deepEqual(
      empty.flatMap(({ check, verdict }) => (verdict === 'no-go' ? [] : [`${verdict} ${check}`])),
      ['warn dashboard.i-1.acknowledgement-p95'],
    );
    const slow = verdictsOf({ ...good, 'acknowledgement-p95-ms': 120 }).find(({ verdict }) => verdict === 'no-go');
    assert.deepEqual([slow?.check, slow?.actual, slow?.hard], ['dashboard.i-1.acknowledgement-p95', '120 ms', false]);
    assert.equal(slow?.evidence.hash, live.digest);
    assert.equal(verdictsOf({ ...good, 'acknowledgements-healthy': 0 })[0]?.verdict, 'no-go');
  });

  it('never says go to a worse value where it said no to a better one', () => {
    const signal = fc.constantFrom(...LiveSignal.options.filter((each) => each !== 'acknowledgements-healthy'));
    fc.assert(
      fc.property(signal, fc.nat(100_000), fc.nat(100_000), (of, one, other) => {
        const isNo = (value: number) => verdictsOf({ ...good, [of]: value }).some(({ verdict }) => verdict === 'no-go');
        assert.ok(!isNo(Math.min(one, other)) || isNo(Math.max(one, other)));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  for (const [what, from, to, where] of [
    ['an unknown signal', 'signal: queue-backlog', 'signal: hope', /live\.yaml:\d+:\d+: thresholds\.2\.signal/],
    [
      'a signal that is held to two lines',
      'signal: lease-age-ms',
      'signal: queue-backlog',
      /queue-backlog has a threshold already/,
    ],
    ['a signal without a line', 'signal: lease-age-ms', 'signal: queue-backlog', /lease-age-ms has no threshold/],
    ['an id that stands there twice', 'id: lease-age', 'id: queue-backlog', /queue-backlog stands there twice/],
    ['a metric that nobody publishes', 'metric: OpenOrders', 'metric: Mood', /charts\.3\.metric/],
    ['a line that is not there', 'threshold: lease-age }', 'threshold: gone }', /gone is no threshold of this file/],
    ['a negative line', 'value: 120\n', 'value: -1\n', /thresholds\.1\.value/],
    [
      'a member that it does not know',
      'title: TradePulse live',
      'colour: red\ntitle: TradePulse live',
      /live\.yaml:\d+:1: .*colour/,
    ],
    ['text that is no YAML', 'thresholds:', 'thresholds: [', /live\.yaml:\d+:\d+/],
  ] as const) {
    it(`refuses ${what}, with file, line and reason`, () => {
      assert.ok(TEXT.includes(from), from);

      assert.throws(() => readDashboard(TEXT.replace(from, to), FILE), where);
    });
  }

  it('is brought into the control table with an entry when it changes, and with none when it does not', async () => {
    const made = world();
    made.store.records.delete('DASHBOARD#live');
    await registerDashboard(live, 'v1', made.ports);
    await registerDashboard(live, 'v2', made.ports);
    const changed = { ...live, digest: digestOf('another') };

    await registerDashboard(changed, 'v3', made.ports);

    assert.deepEqual(made.store.storyOf(LogId.parse('desk')), ['dashboard.registered', 'dashboard.registered']);
    assert.deepEqual(await made.store.get('DASHBOARD', 'live'), changed);
  });

  it('is handed over as text, and refused where that is none', () => {
    assert.deepEqual(LiveDashboardText.parse(JSON.stringify(live)), live);
    assert.equal(LiveDashboardText.safeParse('{"id":"live"}').success, false);
  });
});

describe('measureSignals', () => {
  const status = { acknowledgements: { healthy: true, p95Ms: 12 }, queueBacklog: 1 };
  const beat = '2026-11-24T12:00:00.100Z';
  const report = { heartbeats: { marketData: beat, executionGateway: beat } };

  it('measures what an instance says now, and its components at the moment at which it told of them', () => {
    assert.deepEqual(measureSignals(status, { grantedAt: GRANTED, report }, NOW), {
      ...{ 'acknowledgements-healthy': 1, 'acknowledgement-p95-ms': 12, 'queue-backlog': 1 },
      ...{ 'lease-age-ms': 500, 'heartbeat-market-data-ms': 400, 'heartbeat-execution-gateway-ms': 400 },
    });
  });

  it('measures nothing of what it cannot read, and takes no time from the future for a bonus', () => {
    assert.deepEqual(measureSignals(undefined, undefined, NOW), {});
    const broken = { grantedAt: GRANTED, report: { heartbeats: 'none' } };
    assert.deepEqual(measureSignals(undefined, broken, NOW), { 'lease-age-ms': 500 });
    const ahead = {
      grantedAt: '2026-11-24T12:00:02.000Z',
      report: { heartbeats: { marketData: '2026-11-24T13:00:00.000Z' } },
    };
    assert.deepEqual(measureSignals({ ...status, acknowledgements: { healthy: false, p95Ms: null } }, ahead, NOW), {
      ...{ 'acknowledgements-healthy': 0, 'queue-backlog': 1, 'lease-age-ms': 0 },
    });
  });
});
