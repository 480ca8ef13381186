import { createHash } from 'node:crypto';
import { type Bar, type MarketFeed, MINUTE_MS, type Quote } from './market-feed.ts';
import { isOpen, type TradingSession } from './trading-session.ts';

export type GeneratedInstrument = {
  readonly symbol: string;
  /** Price around which it moves. */
  readonly price: number;
  readonly spreadBps: number;
  /** How far it typically moves within a minute. */
  readonly volatilityBps: number;
};

export type GeneratedMarket = {
  readonly seed: string;
  readonly instruments: readonly GeneratedInstrument[];
  readonly session?: TradingSession | undefined;
  readonly now: () => number;
};

const SAMPLES_PER_BAR = 12;
const LONGEST_CLOSURE_MINUTES = 5 * 24 * 60;
/** Waves of noise: how long one swing lasts, and how many times the minute volatility it is high. */
const OCTAVES = [
  { periodMs: 7_000, height: 0.4 },
  { periodMs: 53_000, height: 1 },
  { periodMs: 420_000, height: 2.5 },
  { periodMs: 5_400_000, height: 6 },
  { periodMs: 86_400_000, height: 15 },
] as const;

/** Prices as a pure function of seed and time: any history is there at once, and a restart continues the same curve. */
export function generatedMarket({ seed, instruments, session, now }: GeneratedMarket): MarketFeed {
  const find = (symbol: string) => instruments.find((each) => each.symbol === symbol);
  return {
    instruments: instruments.map(({ symbol }) => symbol),
    marketNow: now,
    quote(symbol) {
      const instrument = find(symbol);
      return instrument && isOpen(session, now()) ? quoteAt(seed, instrument, now()) : undefined;
    },
    bars(symbol, minutes) {
      const instrument = find(symbol);
      return instrument ? openMinutes(session, now(), minutes).map((at) => barAt(seed, instrument, at)) : [];
    },
  };
}

/** Starts of the newest whole minutes in which the venue was open, oldest first. */
function openMinutes(session: TradingSession | undefined, now: number, wanted: number): number[] {
  const found: number[] = [];
  let at = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  for (let looked = 0; found.length < wanted && looked < wanted + LONGEST_CLOSURE_MINUTES; looked += 1) {
    if (isOpen(session, at)) found.unshift(at);
    at -= MINUTE_MS;
  }
  return found;
}

function barAt(seed: string, instrument: GeneratedInstrument, at: number): Bar {
  const step = MINUTE_MS / SAMPLES_PER_BAR;
  const prices = Array.from({ length: SAMPLES_PER_BAR }, (_, index) => priceAt(seed, instrument, at + index * step));
  const [open = 0] = prices;
  return {
    at,
    open,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1) ?? open,
    volume: Math.round(1 + 100 * noise(seed, instrument.symbol, 'volume', at)),
  };
}

function quoteAt(seed: string, instrument: GeneratedInstrument, at: number): Quote {
  const price = priceAt(seed, instrument, at);
  const half = (price * instrument.spreadBps) / 20_000;
  return { instrument: instrument.symbol, bid: rounded(price - half), ask: rounded(price + half), at };
}

function priceAt(seed: string, { symbol, price, volatilityBps }: GeneratedInstrument, at: number): number {
  const swings = OCTAVES.reduce((sum, { periodMs, height }) => sum + height * wave(seed, symbol, periodMs, at), 0);
  return rounded(price * Math.exp((swings * volatilityBps) / 10_000));
}

/** Smooth noise in -1..1: random values at whole periods, eased between them. */
function wave(seed: string, symbol: string, periodMs: number, at: number): number {
  const index = Math.floor(at / periodMs);
  const part = at / periodMs - index;
  const eased = part * part * (3 - 2 * part);
  const from = noise(seed, symbol, String(periodMs), index);
  const to = noise(seed, symbol, String(periodMs), index + 1);
  return 2 * (from + (to - from) * eased) - 1;
}

const remembered = new Map<string, number>();

/** A value in 0..1 that depends on nothing but its arguments. */
function noise(seed: string, symbol: string, wave: string, index: number): number {
  const key = `${seed}/${symbol}/${wave}/${index}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size > 20_000) remembered.clear();
  const value = createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
  remembered.set(key, value);
  return value;
}

/** Eight significant digits: what a venue would show. */
const rounded = (value: number): number => Number(value.toPrecision(8));
