import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeStrategy } from '../../../domain/monitor/judge-strategy.ts';
import type { Sample } from '../../../domain/monitor/sample.ts';
import { ago, type anInstance, aSample, foundIn, INSTRUMENT, one, position, stood } from '../../fakes/a-sample.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { START } from '../../fakes/world.ts';

const SETTINGS = shippedMonitors().defaults;
type Given = NonNullable<Parameters<typeof anInstance>[0]>;
const holding = (quantity: number, instrument = INSTRUMENT) => ({
  report: { positions: [position(quantity, instrument)] },
  telemetry: { targets: [{ instrument, quantity }] },
});
const losing = (loss: number) => ({ report: { pnl: { realised: -loss, unrealised: 0, currency: 'USD' } } });

describe('approved = effective', () => {
  const different: [string, Given, graceMs: number][] = [
    ['limitsDigest', { report: { limitsDigest: `sha256:${'0'.repeat(64)}` } }, 0],
    ['artifactDigest', { report: { artifactDigest: null } }, 0],
    ['mode ACTIVE', { report: { mode: 'THROTTLED' } }, 3_000],
    ['granted mode ACTIVE', { lease: { grantedMode: 'SAFE' } }, 3_000],
    ['live.enabled', { telemetry: { flag: 'off' } }, 3_000],
    ['live.enabled', { telemetry: { flag: 'unreadable' } }, 3_000],
  ];
  for (const [what, given, graceMs] of different)
    it(`${what} that differs throttles ${graceMs === 0 ? 'at once' : `after ${graceMs} ms`}, and halts after 5 s`, () => {
      const after = (ms: number) => foundIn(one(given, stood(`effective/${what}`, ms)));

      if (graceMs > 0) assert.deepEqual(after(graceMs - 1), [`effective/${what} warn`]);
      assert.deepEqual(after(graceMs), [`effective/${what} act throttle`]);
      assert.deepEqual(after(5_000), [`effective/${what} act halt`]);
    });

  it('blames no instance for a mode that its lease has not told it yet', () =>
    assert.deepEqual(foundIn(one({ report: { mode: 'SAFE' }, lease: { grantedMode: 'LAUNCHING' } })), [
      'effective/granted mode ACTIVE warn',
    ]));

  it('gives a change its own time, though the one before it is not over yet', () => {
    const given: Given = { lease: { grantedMode: 'ACTIVE' } };

    assert.deepEqual(
      foundIn(one(given, { ...stood('effective/granted mode ACTIVE', 5_000), state: { mode: 'THROTTLED' } } as never)),
      ['effective/granted mode THROTTLED warn'],
    );
  });

  it('is a difference too where nothing was approved, whatever the instance tells', () => {
    const unapproved = { state: { parametersDigest: undefined } } as never;

    for (const report of [{}, { parametersDigest: null }])
      assert.deepEqual(foundIn(one({ report }, unapproved)), ['effective/parametersDigest act throttle']);
  });
});

describe('limits (product decision 7)', () => {
  const uses: [quantity: number, found: string[]][] = [
    [2.4, []],
    [2.5, ['limit-use/position:BTC-PERP warn']],
    [4.49, ['limit-use/position:BTC-PERP warn']],
    [4.5, ['limit-use/position:BTC-PERP page']],
    [-5, ['limit-use/position:BTC-PERP act reduce-only']],
  ];
  for (const [quantity, found] of uses)
    it(`a position of ${quantity} of 5: ${found.join() || 'nothing'}`, () =>
      assert.deepEqual(foundIn(one(holding(quantity))), found));

  it('takes what is too much for a number for all of it', () => {
    const report = { positions: [position(1e308), position(1e308)] };

    assert.equal(
      foundIn(one({ report, telemetry: { targets: undefined } as never })).filter((each) => / act /.test(each)).length,
      3,
    );
  });

  it('says how much of it, and which step was reached', () => {
    const [found] = judgeStrategy(one(holding(4.5)), SETTINGS);

    assert.deepEqual([found?.measured, found?.threshold, found?.unit], [90, 90, '%']);
    assert.equal(found?.detail, 'the position in BTC-PERP: 90 % of what is approved');
  });

  it('only reduces what holds an instrument that nobody approved', () =>
    assert.deepEqual(foundIn(one(holding(0.1, 'DOGE'))), ['limit-use/unlisted:DOGE act reduce-only']));

  const kills: [string, Given, string[]][] = [
    ['a loss of half the threshold', losing(500), ['kill-threshold/loss warn']],
    ['a loss of the threshold', losing(1_000), ['kill-threshold/loss act kill']],
    ['a loss of an earlier epoch', { ...losing(5_000), lease: { epoch: 2 } }, []],
    ['a loss that cannot be read', { report: { pnl: null } }, ['limit-use/pnl warn']],
    [
      'a loss of before it went live',
      { ...losing(5_000), lease: { grantedMode: 'LAUNCHING' } },
      ['effective/granted mode ACTIVE warn'],
    ],
  ];
  for (const [what, given, found] of kills)
    it(`${what}: ${found.join() || 'nothing'}`, () => assert.deepEqual(foundIn(one(given)), found));

  it('kills for the notional of all positions, at what was paid where there is no price', () => {
    const report = { positions: [{ ...position(2, 'BTC-PERP', 0), averagePrice: 100_000 }] };

    assert.deepEqual(foundIn(one({ report, telemetry: { targets: [{ instrument: 'BTC-PERP', quantity: 2 }] } })), [
      'kill-threshold/notional act kill',
      'limit-use/notional:BTC-PERP act reduce-only',
    ]);
  });

  it('pages where limits are not known, and only reduces after three cycles without positions', () => {
    const unread = one({ report: { positions: 'none' } }, stood('limit-use/positions', 6_000));

    assert.deepEqual(foundIn(aSample({ limits: 'unreadable' })), ['limit-use/limits page']);
    assert.deepEqual(foundIn(aSample({ limits: undefined })), ['limit-use/limits page']);
    assert.deepEqual(foundIn(unread), ['limit-use/positions act reduce-only']);
    assert.deepEqual(foundIn({ ...unread, ...stood('limit-use/positions', 4_000) }), ['limit-use/positions page']);
  });
});

describe('instances, clocks, and what cannot be believed', () => {
  const clamped = [{ code: 'pnl-unreadable' as const, detail: 'pnl is "x"', at: START.toISOString() }];
  const cases: [string, Sample, string[]][] = [
    ['a clock a second ahead', one({ telemetry: { clockOffsetMs: 1_000 } }), ['clock/btc-momentum-1 warn']],
    ['a clock three seconds behind', one({ telemetry: { clockOffsetMs: -3_000 } }), ['clock/btc-momentum-1 page']],
    ['metrics that were left out', one({ telemetry: { clamped } }), ['telemetry/pnl-unreadable warn']],
    [
      'the same for a minute',
      one({ telemetry: { clamped } }, stood('telemetry/pnl-unreadable', 60_000)),
      ['telemetry/pnl-unreadable page'],
    ],
    [
      'a lease without telemetry',
      one({ lease: { telemetry: undefined } as never }),
      ['telemetry/round-trips warn', 'drift/targets warn'],
    ],
    [
      'the same for a minute',
      one({ lease: { telemetry: undefined } as never }, stood('telemetry/round-trips', 60_000)),
      ['telemetry/round-trips page', 'drift/targets warn'],
    ],
    ['two processes', one({ telemetry: { duplicatedAt: ago(500) } }), ['instance/duplicate page']],
    ['a lease that ran out', one({ lease: { expiresAt: ago(0) } }), ['instance/lease page', 'drift/targets warn']],
  ];
  for (const [what, sample, found] of cases)
    it(`${what}: ${found.join()}`, () => assert.deepEqual(foundIn(sample), found));

  it('page for an instance that never held a lease once that is late', () => {
    const never = (ms: number) =>
      foundIn(
        aSample({ instances: [{ instanceId: 'btc-momentum-1', lease: undefined }], ...stood('instance/lease', ms) }),
      );

    assert.ok(never(4_999).includes('instance/lease warn'));
    assert.ok(never(5_000).includes('instance/lease page'));
  });

  it('take a report of the future for none', () => {
    const found = foundIn(one({ at: new Date(START.getTime() + 1_001) }));

    assert.ok(found.includes('clock/control-plane page'), found.join());
    assert.equal(found.filter((each) => each.startsWith('heartbeat') || each.includes('riskService')).length, 5);
    assert.deepEqual(foundIn(one({ at: new Date(START.getTime() + 1_000) })), []);
  });
});
