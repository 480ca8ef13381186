/** A two-sided price. `at` is market time, epoch milliseconds. */
export type Quote = { readonly instrument: string; readonly bid: number; readonly ask: number; readonly at: number };

/** One recorded minute; `at` is its start, epoch milliseconds. */
export type Bar = {
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

/** Where prices come from: a recording or a generator. Both know the past as well as the present. */
export type MarketFeed = {
  readonly instruments: readonly string[];
  /** Market time now, epoch milliseconds: recorded time while replaying, else the clock's. */
  marketNow(): number;
  /** The latest price, or nothing before the first and during a gap. */
  quote(instrument: string): Quote | undefined;
  /** The newest whole minutes that have data, oldest first. A minute without data is not there. */
  bars(instrument: string, minutes: number): readonly Bar[];
};

export const MINUTE_MS = 60_000;
export const midOf = ({ bid, ask }: Quote): number => (bid + ask) / 2;
