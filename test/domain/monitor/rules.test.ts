import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeStrategy } from '../../../domain/monitor/judge-strategy.ts';
import { standingAfter } from '../../../domain/monitor/standing.ts';
import { ago, anInstance, aSample, beating, beats, foundIn, one, roundTrips, stood } from '../../fakes/a-sample.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { LIMITS, START, STRATEGY } from '../../fakes/world.ts';

const SETTINGS = shippedMonitors().defaults;
const losing = (loss: number) => ({ report: { pnl: { realised: -loss, unrealised: 0, currency: 'USD' } } });

describe('judgeStrategy', () => {
  it('finds nothing in a strategy that trades as it was approved', () => assert.deepEqual(foundIn(aSample()), []));

  it('judges nothing of what does not trade', () => {
    const sick = { instances: [{ instanceId: 'btc-momentum-1', lease: undefined }], limits: undefined };

    for (const mode of ['OFF', 'LAUNCHING', 'SAFE', 'KILLED'] as const)
      assert.deepEqual(foundIn(aSample({ ...sick, state: { mode } })), [], mode);
  });

  it('only tells of heartbeats while a strategy stops; a kill threshold kills even then, and in safe mode', () => {
    const sick = { ...losing(1_000).report, ...beating('executionGateway', 9_000).report };
    const telemetry = { clockOffsetMs: 1_500 };
    const is = (mode: 'STOPPING' | 'SAFE', grantedMode: 'REDUCE_ONLY' | 'SAFE') =>
      foundIn(one({ report: sick, telemetry, lease: { grantedMode } }, { state: { mode } }));

    assert.deepEqual(is('STOPPING', 'REDUCE_ONLY'), [
      'kill-threshold/loss act kill',
      'heartbeat/executionGateway page',
      'clock/btc-momentum-1 warn',
    ]);
    assert.deepEqual(is('SAFE', 'SAFE'), ['kill-threshold/loss act kill']);
  });

  it('says which rule could not judge, and goes on with the others', () => {
    const torn = { ...one(beating('marketData', 200_000)), registration: undefined as never };

    const [first, ...others] = judgeStrategy(
      { ...torn, limits: new Proxy(LIMITS, { get: () => assert.fail('torn') }) },
      SETTINGS,
    );

    assert.deepEqual([first?.rule, first?.subject, first?.level], ['telemetry', 'judging kill-threshold', 'page']);
    assert.match(first?.detail ?? '', /^kill-threshold of btc-momentum could not be judged: .*torn/);
    assert.ok(others.some(({ rule, action }) => rule === 'heartbeat' && action === 'safe-mode'));
  });

  it('keeps the worst of what is one alert', () => {
    const twice = [anInstance(beating('marketData', 61_000)), anInstance(beating('marketData', 200_000))];

    for (const instances of [twice, twice.toReversed()])
      assert.deepEqual(foundIn(aSample({ instances })), ['heartbeat/marketData act safe-mode']);
  });
});

describe('standingAfter', () => {
  it('remembers since when a trouble is found, and forgets one that was away for longer than three seconds', () => {
    const findings = judgeStrategy(one(losing(600)), SETTINGS);
    const later = (ms: number) => new Date(START.getTime() + ms);

    const first = standingAfter(undefined, findings, START);
    const away = standingAfter(first, [], later(3_000));
    const id = `${STRATEGY}/kill-threshold/loss`;

    assert.equal(standingAfter(away, findings, later(3_000)).get(id)?.since, START.toISOString());
    assert.equal(standingAfter(away, findings, later(3_001)).get(id)?.since, later(3_001).toISOString());
  });
});

describe('heartbeats (runbook 3.1)', () => {
  const cases: [component: string, ms: number | undefined, found: string[], since?: number][] = [
    ['executionGateway', 2_999, []],
    ['executionGateway', 3_000, ['warn'], 0],
    ['executionGateway', 4_100, ['page'], 100],
    ['executionGateway', 6_000, ['act', 'halt'], 0],
    ['orderAcknowledgements', 6_500, ['act', 'halt'], 500],
    ['marketData', 60_999, []],
    ['marketData', 120_000, ['page'], 0],
    ['marketData', 180_000, ['act', 'safe-mode'], 0],
    ['featureStore', 200_000, ['act', 'safe-mode'], 20_000],
    ['executionGateway', undefined, ['warn']],
    ['executionGateway', -1_001, ['warn']],
    ['executionGateway', -1_000, []],
  ];
  for (const [component, ms, found, since] of cases)
    it(`${component} ${ms === undefined ? 'that cannot be read' : `of ${ms} ms ago`}: ${found.join(', ') || 'nothing'}`, () => {
      const findings = judgeStrategy(one(beating(component, ms)), SETTINGS);

      const expected = found.length === 0 ? [] : [[`heartbeat/${component}`, ...found].join(' ')];
      assert.deepEqual(foundIn(one(beating(component, ms))), expected);
      if (since !== undefined) assert.equal(findings[0]?.since, ago(since)); // when that cycle was missed
    });

  it('are aged by the clock of the engine until it asked, and by ours from then on', () => {
    const late = { at: new Date(START.getTime() - 2_000), telemetry: { sentAt: ago(-60_000) } };

    assert.deepEqual(foundIn(one({ ...late, report: { heartbeats: beats(-60_000 + 900) } })), []);
    assert.match(
      foundIn(one({ ...late, report: { heartbeats: beats(-60_000 + 1_000) } })).join(),
      /executionGateway warn/,
    );
  });

  it('are aged by our clock where the engine does not say when it asked', () => {
    const told = { telemetry: { sentAt: undefined } as never };

    assert.deepEqual(foundIn(one({ ...told, ...beating('executionGateway', 6_000) })), [
      'heartbeat/executionGateway act halt',
    ]);
  });

  it('that were never heard act once the instance was looked at for three cycles, and so do old ones of before it went live', () => {
    const never = (ms: number) => foundIn(one(beating('executionGateway'), stood('heartbeat/executionGateway', ms)));
    const before = (ms: number) =>
      foundIn(
        one(
          { ...beating('executionGateway', 60_000), lease: { grantedMode: 'LAUNCHING' } },
          stood('heartbeat/executionGateway', ms),
        ),
      ).filter((each) => each.startsWith('heartbeat'));

    for (const judged of [never, before]) {
      assert.deepEqual(judged(3_999), ['heartbeat/executionGateway warn']);
      assert.deepEqual(judged(4_000), ['heartbeat/executionGateway page']);
      assert.deepEqual(judged(6_000), ['heartbeat/executionGateway act halt']);
    }
  });

  it('of an instance without any lease are missing, all of them', () => {
    const silent = aSample({ instances: [{ instanceId: 'btc-momentum-1', lease: undefined }] });

    assert.equal(foundIn(silent).filter((each) => / warn$/.test(each) && /heartbeat|riskService/.test(each)).length, 5);
  });
});

describe('risk telemetry (runbook 3.4)', () => {
  const misses: [ms: number, found: string[]][] = [
    [2_900, []],
    [3_000, ['risk-telemetry/riskService warn']],
    [4_000, ['risk-telemetry/riskService page']],
    [6_000, ['risk-telemetry/riskService act halt']],
  ];
  for (const [ms, found] of misses)
    it(`risk service heard of ${ms} ms ago: ${found.join() || 'nothing'}`, () =>
      assert.deepEqual(foundIn(one(beating('riskService', ms))), found));

  const unwired: [string, Record<string, unknown>][] = [
    ['another epoch', { epoch: 2 }],
    ['no epoch', { epoch: 'x' }],
    ['a halt that we know nothing of', { halted: true }],
    ['no halt latch', { halted: undefined }],
  ];
  for (const [what, report] of unwired)
    it(`takes ${what} for a kill switch that is not wired, for three cycles`, () => {
      const after = (ms: number) => foundIn(one({ report }, stood('risk-telemetry/killSwitch', ms)));

      assert.deepEqual(after(0), ['risk-telemetry/killSwitch warn']);
      assert.deepEqual(after(4_000), ['risk-telemetry/killSwitch page']);
      assert.deepEqual(after(6_000), ['risk-telemetry/killSwitch act halt']);
    });
});

describe('latency and venues (runbook 3.2, 5.3)', () => {
  const trips = (ms: number, count = 30) => ({
    telemetry: { roundTrips: roundTrips(ms, count, new Date(START.getTime() - 5_000)) },
  });

  it('throttles from 120 ms on, and calls the venue unstable from 500 ms on', () => {
    assert.deepEqual(foundIn(one(trips(120))), []); // 119.5 in its bucket
    assert.deepEqual(foundIn(one(trips(130))), ['latency/roundTrip act throttle']);
    assert.deepEqual(foundIn(one(trips(750))), [
      'latency/roundTrip act throttle',
      'venue/roundTrip act venue-instability',
    ]);
  });

  it('of fewer than 20 orders waits for half a minute: one alone says little', () => {
    const after = (ms: number) =>
      ['latency', 'venue'].flatMap((rule) =>
        foundIn(one(trips(750, 19), stood(`${rule}/roundTrip`, ms))).filter((each) => each.startsWith(rule)),
      );

    assert.deepEqual(after(29_999), ['latency/roundTrip warn', 'venue/roundTrip warn']);
    assert.deepEqual(after(30_000), ['latency/roundTrip act throttle', 'venue/roundTrip act venue-instability']);
    assert.deepEqual(foundIn(one(trips(750, 20))).length, 2);
    assert.ok(foundIn(one(trips(750, 20)))[0]?.includes('act'));
  });

  it('takes one slow order for no more than that, however long it is the newest', () => {
    const last = { telemetry: { roundTrips: roundTrips(750, 1, new Date(START.getTime() - 40_000)) } };
    const stands = new Map(['latency', 'venue'].flatMap((rule) => [...stood(`${rule}/roundTrip`, 300_000).standing]));

    assert.deepEqual(foundIn(one(last, { standing: stands })), ['latency/roundTrip warn', 'venue/roundTrip warn']);
  });

  it('has nothing to say of an instance that sends no orders', () => assert.deepEqual(foundIn(one(trips(750, 0))), []));

  it('waits for a backlog to last, and not for acknowledgements that stay away while orders wait', () => {
    const waiting = { queueBacklog: 5 };
    const late = { queueBacklog: 1, ...beating('orderAcknowledgements', 4_000).report };
    const [found] = judgeStrategy(one({ report: waiting }), SETTINGS);

    assert.deepEqual(foundIn(one({ report: waiting }, stood('venue/backlog', 9_999))), ['venue/backlog warn']);
    assert.deepEqual(foundIn(one({ report: waiting }, stood('venue/backlog', 10_000))), [
      'venue/backlog act venue-instability',
    ]);
    assert.deepEqual(foundIn(one({ report: late })), [
      'heartbeat/orderAcknowledgements page',
      'venue/acknowledgements act venue-instability',
    ]);
    assert.deepEqual([found?.venue, found?.measured, found?.threshold], ['XSIM', 5, 5]);
  });
});
