import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { generatedMarket } from '../../engine-sim/market/generated-market.ts';
import { MINUTE_MS } from '../../engine-sim/market/market-feed.ts';
import { readRecording } from '../../engine-sim/market/read-recording.ts';
import { recordedMarket } from '../../engine-sim/market/recorded-market.ts';
import { isOpen, TradingSession } from '../../engine-sim/market/trading-session.ts';
import { recordings } from './recordings.ts';

const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
after(() => rm(folder, { recursive: true, force: true }));
const written = async (text: string) => {
  const file = join(folder, `${Math.abs(text.length * 31 + text.charCodeAt(0))}-${text.length}.csv`);
  await writeFile(file, text);
  return file;
};
const newYork = TradingSession.parse({
  timeZone: 'America/New_York',
  days: ['MON', 'TUE', 'WED', 'THU', 'FRI'],
  open: '08:00',
  close: '17:00',
});
const instruments = [{ symbol: 'EUR-USD', price: 1.08, spreadBps: 1, volatilityBps: 2 }];

describe('isOpen', () => {
  it('follows the local time of the venue through daylight saving', () => {
    assert.equal(isOpen(newYork, Date.parse('2026-01-05T13:00:00Z')), true, '08:00 in winter');
    assert.equal(isOpen(newYork, Date.parse('2026-01-05T12:59:59Z')), false);
    assert.equal(isOpen(newYork, Date.parse('2026-07-06T12:00:00Z')), true, '08:00 in summer');
    assert.equal(isOpen(newYork, Date.parse('2026-01-05T22:00:00Z')), false, 'closed at 17:00');
    assert.equal(isOpen(newYork, Date.parse('2026-01-04T15:00:00Z')), false, 'Sunday');
    assert.equal(isOpen(undefined, 0), true);
  });
});

describe('a generated market', () => {
  it('always has whole minutes of history, the same for the same seed, and only open ones', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2025-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        (date) => {
          const market = (seed: string) =>
            generatedMarket({ seed, instruments, session: newYork, now: () => date.getTime() });
          const bars = market('a').bars('EUR-USD', 15);
          assert.equal(bars.length, 15);
          assert.deepEqual(market('a').bars('EUR-USD', 15), bars);
          assert.notDeepEqual(market('b').bars('EUR-USD', 15), bars);
          for (const { at, open, high, low, close } of bars) {
            assert.ok(isOpen(newYork, at) && at + MINUTE_MS <= date.getTime());
            assert.ok(low <= Math.min(open, close) && high >= Math.max(open, close) && low > 0.5 && high < 2);
          }
        },
      ),
      { numRuns: 25 },
    ));

  it('quotes two sides while the venue is open, and nothing else', () => {
    const market = (at: string) =>
      generatedMarket({ seed: 's', instruments, session: newYork, now: () => Date.parse(at) });

    const quote = market('2026-01-05T15:00:00Z').quote('EUR-USD');

    assert.ok(quote && quote.ask > quote.bid);
    assert.equal(market('2026-01-04T15:00:00Z').quote('EUR-USD'), undefined);
    assert.equal(market('2026-01-05T15:00:00Z').quote('BTC-USD'), undefined);
  });
});

describe('readRecording', () => {
  it('finds the columns whatever they are called, and reads stamps of every kind as UTC', async () => {
    const stamps = [
      '2024-01-01 23:01:00',
      '2024-01-01T23:01:00Z',
      '2024-01-02 00:01:00+01:00',
      '1704150060',
      '1704150060000',
      '1704150060000000',
    ];
    for (const stamp of stamps) {
      const [row] = readRecording(await written(`Time,Bid Price,ASK\n${stamp},1.1,1.2\n`));
      assert.deepEqual(row, { at: Date.parse('2024-01-01T23:01:00Z'), bid: 1.1, ask: 1.2 }, stamp);
    }
  });

  it('refuses, naming file and line, what it cannot replay truthfully', async () => {
    assert.throws(() => readRecording(join(folder, 'missing.csv')), /ENOENT/);
    for (const [text, complaint] of [
      ['a,b\n1,2\n', /columns a, b/],
      ['time,bid,ask\n', /no rows/],
      ['time,bid,ask\nyesterday,1,2\n', /:2: the time/],
      ['time,bid,ask\n2024-01-01 00:00:00,1,zero\n', /:2: ask is not a price/],
      ['time,price\n2024-01-01 00:01:00,1\n2024-01-01 00:00:00,2\n', /:3 goes back in time/],
    ] as const) {
      const file = await written(text);
      assert.throws(() => readRecording(file), complaint);
    }
  });
});

describe('a recorded market', () => {
  const start = Date.parse('2024-01-01T00:00:00Z');
  const bar = (minute: number, price: number) => {
    const at = start + minute * MINUTE_MS;
    return {
      at,
      bid: price,
      ask: price,
      bar: { at, open: price, high: price + 1, low: price - 1, close: price, volume: 1 },
    };
  };
  const rows = [...Array.from({ length: 30 }, (_, minute) => bar(minute, 100 + minute)), bar(90, 200), bar(91, 201)];

  it('begins with 15 whole minutes behind it, runs at its speed, and keeps gaps', () => {
    let now = 0;
    const market = recordedMarket({ instrument: 'X', rows, speed: 60, now: () => now });
    assert.equal(market.bars('X', 100).length >= 15, true);
    assert.equal(market.quote('X')?.at, start + 16 * MINUTE_MS);

    now = 30_000; // half a minute at 60 is half an hour: inside the gap
    assert.equal(market.quote('X'), undefined);
    assert.equal(market.bars('X', 100).length, 30);

    now = 74_500; // 90.5 recorded minutes after the start
    assert.equal(market.quote('X')?.at, start + 90 * MINUTE_MS);
    assert.deepEqual(
      market.bars('X', 2).map(({ at }) => (at - start) / MINUTE_MS),
      [28, 29],
    );
  });

  it('counts minutes in which something traded, over gaps and closed hours, and no others', () => {
    const quiet = rows.map((row, index) => (index === 20 ? { ...row, bar: { ...row.bar, volume: 0 } } : row));
    let now = 0;
    const market = recordedMarket({ instrument: 'X', rows: quiet, speed: 60, now: () => now });

    now = 75_000; // an hour of gap lies behind
    const minutes = market.bars('X', 15).map(({ at }) => (at - start) / MINUTE_MS);

    assert.deepEqual(minutes, [15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 90]);
  });

  it('takes a minute as traded where the recording does not say how much', async () => {
    const [row] = readRecording(await written('time,open,high,low,close\n2024-01-01 00:00:00,1,2,1,2\n'));

    assert.equal(row?.bar?.volume, 1);
  });

  it('never shows a bar before its minute is over', () => {
    let now = 0;
    const market = recordedMarket({ instrument: 'X', rows, speed: 1, now: () => now });
    for (now = 0; now < 600_000; now += 7_000) {
      for (const { at } of market.bars('X', 100)) assert.ok(at + MINUTE_MS <= market.marketNow());
    }
  });
});

describe('the real recordings', {
  skip: recordings === undefined ? 'no market-data folder: set MARKET_DATA_DIR' : false,
}, () => {
  const read = (name: string) => readRecording(join(recordings ?? '', name));

  it('replay a day and night of BTC minutes without a gap', () => {
    const market = recordedMarket({
      instrument: 'BTC-USD',
      rows: read('btc-perp-1m-2022-01-01.csv'),
      speed: 1,
      now: () => 0,
    });

    const bars = market.bars('BTC-USD', 15);

    assert.equal(bars.length, 15);
    assert.equal(bars[0]?.at, Date.parse('2021-12-31T23:02:00Z'));
    assert.ok(market.quote('BTC-USD'));
  });

  it('replay quotes in milliseconds, gaps at the open included', () => {
    const rows = read('usdjpy-ticks-2013-01-01.csv');
    assert.equal(rows.length, 1_000);
    let now = 0;
    const market = recordedMarket({ instrument: 'USD-JPY', rows, speed: 1, now: () => now });
    const [first] = rows;
    assert.equal(first?.at, Date.parse('2013-01-01T22:00:00.295Z'));
    const quote = market.quote('USD-JPY');
    assert.ok(quote === undefined || quote.ask > quote.bid);
    now = 1e9; // long after the last row
    assert.equal(market.quote('USD-JPY'), undefined);
  });

  it('replay a week of futures with daily breaks and a weekend', () => {
    const rows = read('xcme-6eh4-1m-2024-01.csv');
    let now = 0;
    const market = recordedMarket({ instrument: '6E', rows, speed: 1, now: () => now });
    const from = market.marketNow();
    const breaks = rows.flatMap((row, index) =>
      row.at - (rows[index - 1]?.at ?? row.at) > 30 * MINUTE_MS ? [rows[index - 1]?.at ?? 0] : [],
    );

    assert.ok(breaks.length >= 3, 'it has breaks');
    for (const last of breaks.slice(1)) {
      now = last + 20 * MINUTE_MS - from;
      assert.equal(market.quote('6E'), undefined, new Date(last).toISOString());
      assert.equal(market.bars('6E', 15).length, 15, 'the newest trading minutes are still there');
    }
  });
});
