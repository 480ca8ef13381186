import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareFindings } from '../../../domain/alert/compare-findings.ts';
import type { Lease } from '../../../domain/lease/lease.ts';
import { MonitorFinding, MonitorRule } from '../../../domain/monitor/finding.ts';
import { judgeStrategy } from '../../../domain/monitor/judge-strategy.ts';
import type { Sample } from '../../../domain/monitor/sample.ts';
import { type Standing, standingAfter } from '../../../domain/monitor/standing.ts';
import { ago, anInstance, aSample, INSTRUMENT, position, roundTrips } from '../../fakes/a-sample.ts';
import { jitteryTelemetry } from '../../fakes/jittery-telemetry.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { START } from '../../fakes/world.ts';
import { DEEP, isDeep } from '../../is-deep.ts';

const SETTINGS = shippedMonitors().defaults;
const COMPONENTS = ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'] as const;
const OPTIONS = { seed: 73, numRuns: 300 };
const later = (ms: number) => new Date(START.getTime() + ms);

/** An engine in some trouble: how old its beats and its report are, how slow its orders, how much it holds and has lost. */
const trouble = fc.record({
  beats: fc.record(Object.fromEntries(COMPONENTS.map((each) => [each, fc.integer({ min: 0, max: 200_000 })]))),
  age: fc.integer({ min: 0, max: 10_000 }),
  tripMs: fc.constantFrom<number>(20, 100, 130, 300, 600),
  quantity: fc.double({ min: 0, max: 8, noNaN: true }),
  loss: fc.double({ min: 0, max: 1_500, noNaN: true }),
  backlog: fc.integer({ min: 0, max: 20 }),
  offset: fc.integer({ min: 0, max: 5_000 }),
});
type Trouble = typeof trouble extends fc.Arbitrary<infer Value> ? Value : never;

const instanceIn = (how: Trouble, instanceId = 'btc-momentum-1') =>
  anInstance({
    ...{ instanceId, at: later(-how.age) },
    report: {
      heartbeats: Object.fromEntries(Object.entries(how.beats).map(([name, ms]) => [name, ago(ms + how.age)])),
      ...{ positions: [position(how.quantity)], queueBacklog: how.backlog },
      pnl: { realised: -how.loss, unrealised: 0, currency: 'USD' },
    },
    telemetry: {
      ...{ clockOffsetMs: how.offset, roundTrips: roundTrips(how.tripMs, 30, later(-15_000)) },
      targets: [{ instrument: INSTRUMENT, quantity: how.quantity }],
    },
  });
const sampleIn = (how: Trouble, more: Partial<Sample> = {}) =>
  aSample({ instances: [instanceIn(how)], ...more } as Parameters<typeof aSample>[0]);

/** The worst that any rule says, of all of them or of one. */
function verdict(sample: Sample, rule?: MonitorRule) {
  const found = judgeStrategy(sample, SETTINGS).filter((each) => rule === undefined || each.rule === rule);
  return found.toSorted(compareFindings).at(-1);
}
function assertNotMilder(worse: Sample, better: Sample): void {
  for (const rule of [undefined, ...MonitorRule.options]) {
    const [found, before] = [verdict(worse, rule), verdict(better, rule)];
    if (before)
      assert.ok(found && compareFindings(found, before) >= 0, `${rule}: ${before.detail} became ${found?.detail}`);
  }
}

describe('the rules of monitoring, whatever an engine tells', () => {
  it('never judge worse samples milder', () =>
    fc.assert(
      fc.property(trouble, trouble, (some, more) => {
        const worse = {
          beats: Object.fromEntries(
            Object.entries(some.beats).map(([name, ms]) => [name, ms + Number(more.beats[name])]),
          ),
          ...{ age: some.age, tripMs: Math.max(some.tripMs, more.tripMs), quantity: some.quantity + more.quantity },
          ...{ loss: some.loss + more.loss, backlog: some.backlog + more.backlog, offset: some.offset + more.offset },
        };

        assertNotMilder(sampleIn(worse), sampleIn(some));
      }),
      OPTIONS,
    ));

  it('never judge the same report milder when it is older, but for what only a lease that runs can show', () =>
    fc.assert(
      fc.property(trouble, fc.integer({ min: 0, max: 120_000 }), (some, olderMs) => {
        const now = sampleIn(some);
        const then = { ...sampleIn(some), now: later(olderMs) };
        const [found, before] = [verdict(then), verdict(now)];

        assert.ok(
          !before || (found && compareFindings(found, before) >= 0),
          `${before?.detail} became ${found?.detail}`,
        );
      }),
      OPTIONS,
    ));

  it('never take a beat that is older than its SLA and a second for fresh, nor one that is missing', () =>
    fc.assert(
      fc.property(trouble, fc.constantFrom(...COMPONENTS), fc.boolean(), (some, component, missing) => {
        const sample = sampleIn(some);
        const [{ lease } = { lease: undefined }] = sample.instances;
        if (missing) Object.assign(lease?.report['heartbeats'] ?? {}, { [component]: null });
        const isOld = Number(some.beats[component]) + some.age >= SETTINGS.heartbeats[component].slaMs + 1_000;

        const told = judgeStrategy(sample, SETTINGS).some(({ subject }) => subject.startsWith(component));

        assert.equal(told, missing || isOld);
      }),
      OPTIONS,
    ));

  it('say the same in whatever order instances are', () =>
    fc.assert(
      fc.property(trouble, trouble, (some, other) => {
        const instances = [instanceIn(some), instanceIn(other, 'btc-momentum-2')];

        assert.deepEqual(
          judgeStrategy(aSample({ instances: instances.toReversed() }), SETTINGS),
          judgeStrategy(aSample({ instances }), SETTINGS),
        );
      }),
      OPTIONS,
    ));

  it('never throw, and always say what the watchdog can read, of any report at all', () =>
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(anInstance().lease?.report ?? {})), fc.jsonValue()),
        fc.jsonValue(),
        (report, rest) => {
          const told = { ...anInstance().lease, report: { ...(rest as object), ...report } } as Lease;
          const sample = aSample({ instances: [{ instanceId: 'btc-momentum-1', lease: told }] });

          const found = judgeStrategy(sample, SETTINGS);

          for (const each of found) assert.deepEqual(MonitorFinding.parse(each), each);
          assert.ok(
            found.every(({ subject }) => !subject.startsWith('judging')),
            found.map(({ detail }) => detail).join(),
          );
        },
      ),
      OPTIONS,
    ));
});

/** Looks once a second, as the watchdog does: how often each verdict came. */
function watched(seed: number, seconds: number): Map<string, number> {
  const engines = ['btc-momentum-1', 'btc-momentum-2'].map((instanceId, index) => ({
    ...{ instanceId, telemetry: jitteryTelemetry({ seed: seed + index, start: START, instanceId }) },
  }));
  const counts = new Map<string, number>();
  let standing: Standing | undefined;
  for (let second = 1; second <= seconds; second += 1) {
    const now = later(second * 1_000 + ((second * 37) % 100)); // it is never quite on time
    const instances = engines.map(({ instanceId, telemetry }) => ({ instanceId, lease: telemetry.at(now) }));
    const found = judgeStrategy(aSample({ instances, now, standing }), SETTINGS);
    for (const { level, rule } of found) counts.set(`${level} ${rule}`, (counts.get(`${level} ${rule}`) ?? 0) + 1);
    standing = standingAfter(standing, found, now);
  }
  return counts;
}

describe('the rules of monitoring, of two healthy engines with jitter, lost renewals and clocks that are off', () => {
  const HOUR = 3_600;
  const calm = (counts: Map<string, number>, hours: number) => {
    const of = (level: string) =>
      [...counts].filter(([key]) => key.startsWith(level)).reduce((sum, [, count]) => sum + count, 0);
    assert.equal(of('act'), 0, JSON.stringify([...counts]));
    assert.ok(of('page') <= hours, JSON.stringify([...counts]));
  };

  it('act on nothing in two hours', () => calm(watched(1, 2 * HOUR), 2));

  it('act on nothing in a week', { skip: isDeep ? false : DEEP }, () => calm(watched(2, 7 * 24 * HOUR), 7 * 24));

  it('act within seven seconds where such an engine falls silent', () => {
    const telemetry = jitteryTelemetry({ seed: 5, start: START });
    const lease = telemetry.at(later(60_000));
    const at = (ms: number) =>
      verdict(aSample({ instances: [{ instanceId: 'btc-momentum-1', lease }], now: later(60_000 + ms) }));

    assert.equal(at(1_000)?.level, undefined);
    assert.deepEqual([at(7_000)?.level, at(7_000)?.action], ['act', 'halt']);
  });
});
