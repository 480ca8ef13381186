import { type MarketFeed, midOf } from '../market/market-feed.ts';
import { isOpen } from '../market/trading-session.ts';
import type { Faults } from '../program/fault-panel.ts';
import type { Log } from '../program/log.ts';
import { Problem } from '../program/problem.ts';
import { isReached, type NewOrder, type OrderBook, orderBook, type RestingOrder } from './order-book.ts';
import type { VenueSettings } from './venue-config.ts';

export const VENUE_FAULTS = {
  'slow-venue': 'every acknowledgement and cancel takes two seconds',
  'refuse-cancel': 'cancels are refused with a reason',
  'silent-venue': 'requests hang until the fault is cleared',
} as const;
export type VenueFaults = Faults<keyof typeof VENUE_FAULTS>;

export type VenuePorts = {
  readonly now: () => number;
  readonly newId: () => string;
  /** Resolves after that many milliseconds. */
  readonly after: (ms: number) => Promise<void>;
  readonly log: Log;
};

export type CancelAnswer = { cancelRequested: number; refused: { orderId: string; reason: string }[] };

/** One venue at work: sessions, latency, matching and faults around an order book. */
export type VenueDesk = {
  readonly id: string;
  readonly feed: MarketFeed;
  readonly book: OrderBook;
  isOpen(): boolean;
  /** Resolves when the venue answers again, at once unless it is silent (a fault). */
  answers(): Promise<void>;
  submit(order: NewOrder): Promise<RestingOrder>;
  /** Asks for cancellation; done a moment later. */
  cancel(orders: readonly RestingOrder[]): CancelAnswer;
  /** Latest middle price, or the last one known before a gap or the close. */
  mark(instrument: string): number;
  /** Lets the market move: fills what it reaches, and cancels what rests when the session is over. */
  tick(): void;
};

const SLOW_MS = 2_000;

export function venueDesk(
  settings: VenueSettings,
  feed: MarketFeed,
  faults: VenueFaults,
  ports: VenuePorts,
): VenueDesk {
  const { id, session, ackLatencyMs } = settings;
  const book = orderBook(ports.newId, ports.now);
  const marks = new Map<string, number>();
  const open = () => isOpen(session, feed.marketNow());
  const latency = () => (faults.active('slow-venue', id) ? SLOW_MS : ackLatencyMs);
  const mark = (instrument: string) => marks.get(instrument) ?? feed.bars(instrument, 1).at(-1)?.close ?? 0;

  const removeLater = (orders: readonly RestingOrder[]) => {
    void ports.after(latency()).then(() => orders.forEach(({ orderId }) => void book.remove(orderId)));
  };

  return {
    id,
    feed,
    book,
    isOpen: open,
    answers: () => faults.whenCleared('silent-venue', id),
    mark,
    async submit(order) {
      requireTradable(order, open(), feed, id);
      const resting = book.accept(order, ports.now());
      await ports.after(latency());
      return resting;
    },
    cancel(orders) {
      if (faults.active('refuse-cancel', id)) {
        return {
          cancelRequested: 0,
          refused: orders.map(({ orderId }) => ({ orderId, reason: 'the venue refuses cancels' })),
        };
      }
      removeLater(orders);
      return { cancelRequested: orders.length, refused: [] };
    },
    tick() {
      if (!open()) endTheDay(book);
      for (const instrument of feed.instruments) {
        const quote = feed.quote(instrument);
        if (!quote) continue;
        marks.set(instrument, midOf(quote));
        book.match(quote);
      }
    },
  };
}

/** Orders of the day end with the session; what is good till cancelled waits for the next one. */
function endTheDay(book: OrderBook): void {
  for (const { orderId, timeInForce } of book.resting()) if (timeInForce !== 'gtc') book.remove(orderId, 'expired');
}

function requireTradable(order: NewOrder, open: boolean, feed: MarketFeed, venue: string): void {
  const { instrument } = order;
  if (!feed.instruments.includes(instrument)) {
    throw new Problem(
      422,
      'UnknownInstrument',
      `${venue} does not trade ${instrument}`,
      `it trades ${feed.instruments.join(', ')}`,
    );
  }
  if (!open)
    throw new Problem(
      409,
      'VenueClosed',
      `${venue} is closed at ${new Date(feed.marketNow()).toISOString()}`,
      'wait for its session',
    );
  const quote = feed.quote(instrument);
  if (!quote)
    throw new Problem(409, 'NoMarket', `there is no price of ${instrument} now`, 'wait until the feed goes on');
  if (order.postOnly && isReached(order, quote))
    throw new Problem(409, 'WouldTrade', 'a post-only order may not trade at once', 'put it further away');
}
