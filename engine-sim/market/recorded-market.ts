import { type Bar, type MarketFeed, MINUTE_MS, type Quote } from './market-feed.ts';
import type { RecordedRow } from './read-recording.ts';

export type RecordedMarket = {
  readonly instrument: string;
  readonly rows: readonly RecordedRow[];
  /** Recorded seconds per second. */
  readonly speed: number;
  readonly now: () => number;
  /** Half of the spread put around bars and prices, which have none, in basis points. */
  readonly halfSpreadBps?: number;
};

const HISTORY_MINUTES = 16;
/** A price this old is a gap: nobody trades on it. */
const STALE_MS = 5 * MINUTE_MS;

/** Replays a recording from the moment it is made, with 15 whole minutes of history behind it. Gaps stay gaps; after the last row there are no quotes. */
export function recordedMarket({ instrument, rows, speed, now, halfSpreadBps = 0.5 }: RecordedMarket): MarketFeed {
  const startedAt = now();
  const from = firstMoment(rows);
  const marketNow = () => from + (now() - startedAt) * speed;
  const minutes = minutesOf(rows);
  return {
    instruments: [instrument],
    marketNow,
    quote(symbol) {
      const row = symbol === instrument ? lastKnown(rows, marketNow()) : undefined;
      return row && marketNow() - row.at <= STALE_MS ? quoteOf(instrument, row, halfSpreadBps) : undefined;
    },
    bars(symbol, wanted) {
      if (symbol !== instrument) return [];
      const known = minutes.slice(0, countUpTo(minutes, marketNow() - MINUTE_MS));
      return wanted > 0 ? known.slice(-wanted) : [];
    },
  };
}

/** Market time at which a replay begins: when enough whole minutes with data lie behind. A short recording begins at its middle row. */
function firstMoment(rows: readonly RecordedRow[]): number {
  const minutes = minutesOf(rows);
  const enough = minutes[HISTORY_MINUTES] ?? minutes[Math.floor(minutes.length / 2)];
  return enough?.at ?? 0;
}

/** Recorded minutes in which something traded, from bars as they are or from quotes by their middle; a stamp is the start of its minute. */
function minutesOf(rows: readonly RecordedRow[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const row of rows) {
    const at = Math.floor(row.at / MINUTE_MS) * MINUTE_MS;
    const mid = (row.bid + row.ask) / 2;
    const next = row.bar ?? { at, open: mid, high: mid, low: mid, close: mid, volume: 1 };
    const last = bars.at(-1);
    if (last?.at === at) bars[bars.length - 1] = merged(last, next);
    else bars.push({ ...next, at });
  }
  return bars.filter(({ volume }) => volume > 0);
}

const merged = (bar: Bar, next: Bar): Bar => ({
  ...bar,
  high: Math.max(bar.high, next.high),
  low: Math.min(bar.low, next.low),
  close: next.close,
  volume: bar.volume + next.volume,
});

function quoteOf(instrument: string, row: RecordedRow, halfSpreadBps: number): Quote {
  const half = row.bid === row.ask ? (row.bid * halfSpreadBps) / 10_000 : 0;
  return { instrument, bid: row.bid - half, ask: row.ask + half, at: row.at };
}

const lastKnown = (rows: readonly RecordedRow[], at: number): RecordedRow | undefined => rows[countUpTo(rows, at) - 1];

/** How many of the rows, which ascend, are not after that moment. */
function countUpTo(rows: readonly { readonly at: number }[], at: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
