import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Heartbeats } from '../../../domain/engine/lease-request.ts';
import { distilRenewal } from '../../../domain/lease/distil-renewal.ts';
import { Lease } from '../../../domain/lease/lease.ts';
import { latencyOf } from '../../../domain/monitor/latency-window.ts';
import type { Telemetry } from '../../../domain/monitor/telemetry.ts';

const START = new Date('2026-11-24T12:00:00.000Z');
const at = (ms: number) => new Date(START.getTime() + ms);
const iso = (ms = 0) => at(ms).toISOString();
const TTL_MS = 5_000;
const DIGEST = `sha256:${'5e'.repeat(32)}`;

/** A renewal as a healthy engine sends it. */
const RENEWAL = {
  ...{ instanceId: 'btc-momentum-1', epoch: 7, mode: 'ACTIVE', halted: false, halt: null, lapsedEpoch: null },
  ...{ artifactDigest: DIGEST, limitsDigest: DIGEST, parametersDigest: DIGEST },
  ...{ sentAt: iso(-20), processId: 'a1b2c3d4' },
  ...{ openOrders: 4, queueBacklog: 0 },
  positions: [{ instrument: 'BTC-USD', quantity: -0.35, averagePrice: 60_120.5, markPrice: 60_098.25 }],
  targets: [{ instrument: 'BTC-USD', quantity: -0.35 }],
  pnl: { realised: 41.2, unrealised: 7.79, currency: 'USD' },
  roundTrip: { boundsMs: [5, 20, 60, 120, 500], counts: [12, 3, 0, 0, 0, 0] },
  heartbeats: Object.fromEntries(Heartbeats.keyof().options.map((name) => [name, iso(-120)])),
};

const METRICS = 'sentAt processId openOrders queueBacklog positions targets pnl roundTrip heartbeats venueHalts'.split(
  ' ',
);
const anything = fc.jsonValue().map((value: unknown): unknown => JSON.parse(JSON.stringify(value)));

type Seen = { report?: Record<string, unknown>; before?: Telemetry | undefined; live?: boolean; now?: Date };
const distilled = ({ report = RENEWAL, before, live = true, now = START }: Seen = {}) =>
  distilRenewal({ report, lease: before && { telemetry: before }, live, ttlMs: TTL_MS, receivedAt: now });
const withMetric = (metric: string, value: unknown) => distilled({ report: { ...RENEWAL, [metric]: value } });

describe('distilRenewal', () => {
  it('keeps what decides and what can be believed, and finds nothing wrong with a healthy engine', () => {
    const { report, telemetry } = distilled();

    const { instanceId: _id, halt: _null, lapsedEpoch: _nil, ...told } = RENEWAL;
    const { sentAt, processId, targets, roundTrip: _counted, ...kept } = told;
    assert.deepEqual(report, kept);
    const { roundTrips, ...rest } = telemetry;
    assert.equal(latencyOf(roundTrips, { windowSeconds: 60, minSamples: 1, widestMinutes: 1 }, at(1))?.samples, 15);
    assert.deepEqual(rest, {
      ...{ receivedAt: iso(), sentAt, clockOffsetMs: -20, flag: 'on', clamped: [], targets },
      processes: [{ id: processId, at: iso() }],
    });
  });

  it('keeps what halted an engine, and where it lost its permission', () => {
    const told = { halted: true, halt: { by: 'engine', at: iso(-500) }, lapsedEpoch: 6 };

    assert.partialDeepStrictEqual(distilled({ report: { ...RENEWAL, ...told } }).report, told);
  });

  it('believes an engine that knows none of the newer members', () => {
    const { sentAt: _a, processId: _b, targets: _c, ...older } = RENEWAL;

    const { report, telemetry } = distilled({ report: older, live: false });

    assert.deepEqual(report['heartbeats'], RENEWAL.heartbeats);
    assert.deepEqual(Object.keys(telemetry), ['receivedAt', 'flag', 'roundTrips', 'clamped']);
    assert.equal(telemetry.flag, 'off');
  });

  it('says when the flag could not be read', () => {
    const { telemetry } = distilRenewal({
      report: RENEWAL,
      lease: undefined,
      live: undefined,
      ttlMs: 1,
      receivedAt: START,
    });

    assert.equal(telemetry.flag, 'unreadable');
  });

  const { riskService: _own, ...OTHERS } = RENEWAL.heartbeats;
  const LONG = `2026-11-24T12:00:00.${'0'.repeat(5_000)}Z`;
  const MANY = { boundsMs: [5], counts: [1_000_000, 1] };
  const bad: [what: string, member: string, value: unknown, code: string][] = [
    ['no open orders', 'openOrders', undefined, 'open-orders-unreadable'],
    ['fewer than no open orders', 'openOrders', -1, 'open-orders-unreadable'],
    ['open orders that JSON could not hold', 'openOrders', null, 'open-orders-unreadable'],
    ['half an open order', 'openOrders', 0.5, 'open-orders-unreadable'],
    ['more open orders than numbers reach', 'openOrders', JSON.parse('1e999'), 'open-orders-unreadable'],
    ['a backlog in words', 'queueBacklog', '4', 'queue-backlog-unreadable'],
    ['no positions', 'positions', undefined, 'positions-unreadable'],
    [
      'one impossible position among good ones',
      'positions',
      [...RENEWAL.positions, { instrument: 'X', quantity: null }],
      'positions-unreadable',
    ],
    [
      'a position at a price below zero',
      'positions',
      [{ ...RENEWAL.positions[0], markPrice: -1 }],
      'positions-unreadable',
    ],
    [
      'a position beyond all measure',
      'positions',
      [{ ...RENEWAL.positions[0], quantity: 1e300 }],
      'positions-unreadable',
    ],
    [
      'half a letter, which the ledger takes from nobody',
      'positions',
      [{ ...RENEWAL.positions[0], instrument: 'BTC\ud83d' }],
      'positions-unreadable',
    ],
    ['more positions than are read', 'positions', new Array(201).fill(RENEWAL.positions[0]), 'positions-unreadable'],
    ['a profit that is no number', 'pnl', { ...RENEWAL.pnl, realised: 'NaN' }, 'pnl-unreadable'],
    ['a loss beyond all measure', 'pnl', { ...RENEWAL.pnl, unrealised: -1e16 }, 'pnl-unreadable'],
    ['no histogram', 'roundTrip', 'fast', 'round-trips-unreadable'],
    ['negative counts', 'roundTrip', { boundsMs: [5], counts: [1, -1] }, 'round-trips-unreadable'],
    ['negative latencies', 'roundTrip', { boundsMs: [-5, 5], counts: [1, 1, 1] }, 'round-trips-unreadable'],
    ['bounds that do not ascend', 'roundTrip', { boundsMs: [5, 1], counts: [0, 0, 0] }, 'round-trips-unreadable'],
    [
      'more than 32 bounds',
      'roundTrip',
      { boundsMs: Array.from({ length: 33 }, (_, each) => each + 1), counts: new Array(34).fill(1) },
      'round-trips-unreadable',
    ],
    ['a million round trips in one renewal', 'roundTrip', MANY, 'round-trips-too-many'],
    ['heartbeats in a list', 'heartbeats', [iso()], 'heartbeats-unreadable'],
    ['no heartbeats', 'heartbeats', undefined, 'heartbeats-unreadable'],
    ['more digits than clocks have', 'heartbeats', { riskService: LONG, ...OTHERS }, 'heartbeat-unreadable'],
    [
      'a heartbeat that is no time',
      'heartbeats',
      { ...RENEWAL.heartbeats, riskService: 'now' },
      'heartbeat-unreadable',
    ],
    [
      'a heartbeat of the future',
      'heartbeats',
      { ...RENEWAL.heartbeats, riskService: iso(1_100) },
      'heartbeat-from-the-future',
    ],
    ['a component that nobody knows', 'heartbeats', { ...RENEWAL.heartbeats, coffee: iso() }, 'unknown-component'],
    ['a time of sending that is none', 'sentAt', 1_700_000_000, 'sent-at-unreadable'],
    ['a process without a name', 'processId', '', 'process-id-unreadable'],
    ['targets that are no quantities', 'targets', [{ instrument: 'BTC-USD', quantity: '1' }], 'targets-unreadable'],
    ['halts of venues that cannot be read', 'venueHalts', [{ venue: 'XSIM' }], 'venue-halts-unreadable'],
  ];
  for (const [what, member, value, code] of bad) {
    it(`leaves out or limits, and says, ${what}`, () => {
      const { report, telemetry } = withMetric(member, value);

      assert.deepEqual(
        telemetry.clamped.map((each) => [each.code, each.at]),
        [[code, iso()]],
      );
      assert.ok(!isDeepStrictEqual(report[member], value ?? 'nothing'));
      const { [member]: _bad, ...others } = report;
      const { [member]: _good, ...good } = distilled().report;
      assert.deepEqual(others, good, 'what else it told is believed');
    });
  }

  it('keeps the other heartbeats when one is left out, and no round trip of a histogram that it cannot read', () => {
    const { riskService: _bad, ...good } = RENEWAL.heartbeats;

    assert.deepEqual(withMetric('heartbeats', { ...RENEWAL.heartbeats, riskService: null }).report['heartbeats'], good);
    assert.deepEqual(withMetric('roundTrip', null).telemetry.roundTrips, []);
  });

  it('cuts what it says between letters, never through one', () => {
    for (let length = 0; length < 70; length += 1) {
      const [clamp] = withMetric('roundTrip', `${'x'.repeat(length)}${'😀'.repeat(80)}`).telemetry.clamped;
      assert.ok(clamp?.detail.isWellFormed(), `${length}`);
    }
  });

  it('takes a million round trips for a hundred thousand, and loses no slow one', () => {
    const { roundTrips } = withMetric('roundTrip', MANY).telemetry;

    assert.deepEqual(roundTrips[0]?.slice(1), [2, 100_000, 32, 1]);
  });

  it('judges heartbeats by the clock that stamped them', () => {
    const ahead = {
      ...RENEWAL,
      sentAt: iso(40_000),
      heartbeats: { riskService: iso(40_500), marketData: iso(41_500) },
    };

    const { report, telemetry } = distilled({ report: ahead });

    assert.deepEqual(report['heartbeats'], { riskService: iso(40_500) });
    assert.deepEqual([telemetry.clockOffsetMs, telemetry.clamped[0]?.code], [40_000, 'heartbeat-from-the-future']);
  });

  it('says that a clock was set, and not that it is a little late', () => {
    const before = distilled().telemetry;
    const later = (sentAt: string) =>
      distilled({ report: { ...RENEWAL, sentAt, heartbeats: {} }, before, now: at(1_000) });

    assert.deepEqual(later(iso(1_900)).telemetry.clamped, []);
    assert.match(
      String(later(iso(2_100)).telemetry.clamped[0]?.detail),
      /was -20 ms ahead of ours, and now is 1100 ms/,
    );
    assert.deepEqual(later(iso(-30_000)).telemetry.clamped[0]?.code, 'clock-jumped');
  });

  it('goes on saying what was wrong for five seconds, each once, for those who do not look at every renewal', () => {
    const first = withMetric('openOrders', null).telemetry;

    const second = distilled({
      report: { ...RENEWAL, sentAt: iso(3_980), pnl: null, openOrders: -1 },
      before: first,
      now: at(4_000),
    }).telemetry;
    const later = (ms: number) => ({ ...RENEWAL, sentAt: iso(ms - 20) });
    const third = distilled({ report: later(8_000), before: second, now: at(8_000) }).telemetry;

    assert.deepEqual(
      second.clamped.map(({ code, at: when }) => [code, when]),
      [
        ['pnl-unreadable', iso(4_000)],
        ['open-orders-unreadable', iso(4_000)],
      ],
    );
    assert.equal(third.clamped.length, 2);
    assert.deepEqual(distilled({ report: later(9_000), before: third, now: at(9_000) }).telemetry.clamped, []);
  });

  it('knows two engines that renew as one from an engine that was restarted', () => {
    const renew = (before: Telemetry | undefined, processId: string | undefined, ms: number) =>
      distilled({ report: { ...RENEWAL, processId }, before, now: at(ms) }).telemetry;
    const restarted = [...'aaabbb'].reduce<Telemetry | undefined>(
      (now, id, second) => renew(now, id, second * 1_000),
      undefined,
    );
    const twice = [...'ababa'].reduce<Telemetry | undefined>(
      (now, id, second) => renew(now, id, second * 1_000),
      undefined,
    );

    assert.equal(restarted?.duplicatedAt, undefined);
    assert.equal(twice?.duplicatedAt, iso(4_000));
    assert.deepEqual(twice?.processes, [
      { id: 'a', at: iso(4_000) },
      { id: 'b', at: iso(3_000) },
    ]);
    assert.equal(renew(twice, undefined, 8_000).duplicatedAt, iso(4_000));
    const over = renew(twice, 'a', 9_500);
    assert.deepEqual([over.duplicatedAt, over.processes], [undefined, [{ id: 'a', at: iso(9_500) }]]);
  });

  it('is written each second, so an instance with two positions, targets, and a busy minute stays small', () => {
    let before: Telemetry | undefined;
    const counts = [0, 1, 3, 2, 1, 0, 0];
    const report = {
      ...{ ...RENEWAL, positions: [RENEWAL.positions[0], { ...RENEWAL.positions[0], instrument: 'ETH-USD' }] },
      roundTrip: { boundsMs: [5, 10, 20, 40, 60, 120], counts },
    };
    for (let second = 0; second < 120; second += 1)
      before = distilled({ report, before, now: at(second * 1_000) }).telemetry;

    assert.ok(JSON.stringify(before).length < 900, JSON.stringify(before));
  });

  it('makes of any JSON at all something that can be stored, is never no number, and is read as it was written', () =>
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(METRICS.map((name) => [name, anything])), { requiredKeys: [] }),
        fc.record(Object.fromEntries(Object.keys(RENEWAL.heartbeats).map((name) => [name, anything]))),
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
        (junk, heartbeats, now) => {
          const before = distilled().telemetry;
          const { report, telemetry } = distilled({ report: { ...RENEWAL, heartbeats, ...junk }, before, now });

          const lease = {
            id: 's/i',
            strategyId: 'strategy-1',
            instanceId: 'i',
            epoch: 0,
            grantedMode: 'SAFE',
            grantedAt: iso(),
            expiresAt: iso(),
          };
          const text = JSON.stringify({ ...lease, report, telemetry });
          assert.deepEqual(Lease.parse(JSON.parse(text)).telemetry, telemetry);
          assert.deepEqual(JSON.parse(JSON.stringify(report)), report, 'JSON would write null for no number');
        },
      ),
      { seed: 41, numRuns: 300 },
    ));
});
