import type { Quote } from '../market/market-feed.ts';
import { afterTrade, type Holding, NOTHING } from './holding.ts';

export type NewOrder = {
  readonly clientOrderId: string;
  readonly strategyId: string;
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
  /** Refused rather than filled at once. */
  readonly postOnly?: boolean | undefined;
  /** Ends with the session unless it is good till cancelled. */
  readonly timeInForce?: 'day' | 'gtc' | undefined;
};
/** `submittedAt` is the venue's wall clock, epoch milliseconds. */
export type RestingOrder = NewOrder & { readonly orderId: string; readonly submittedAt: number };

/** What became of an order, when by the venue's wall clock, and at which price where it was filled. */
export type Outcome = {
  readonly outcome: 'resting' | 'filled' | 'cancelled' | 'expired';
  readonly endedAt?: number;
  readonly filledPrice?: number;
};

/** All that one venue knows of orders and holdings. Limit orders fill whole when the market reaches their price. */
export type OrderBook = {
  /** The order, resting; the one that rests or rested already when that strategy used the client order id before. */
  accept(order: NewOrder, at: number): RestingOrder;
  /** False when it does not rest any more. Cancelled unless it is said to have expired. */
  remove(orderId: string, why?: 'cancelled' | 'expired'): boolean;
  find(orderId: string): RestingOrder | undefined;
  resting(strategyId?: string): readonly RestingOrder[];
  /** The orders that were ever taken, whatever became of them: the newest 10,000 of the venue, oldest first. */
  accepted(strategyId: string): readonly (RestingOrder & Outcome)[];
  /** When the oldest order that it still remembers was taken, once it has forgotten one. */
  keptSince(): number | undefined;
  /** Fills what the quote reaches. Returns what was filled. */
  match(quote: Quote): readonly RestingOrder[];
  holdings(strategyId: string): ReadonlyMap<string, Holding>;
};

const REMEMBERED_ORDERS = 10_000;

export function orderBook(newOrderId: () => string, now: () => number): OrderBook {
  const orders = new Map<string, RestingOrder>();
  const outcomes = new WeakMap<RestingOrder, Outcome>();
  let hasForgotten = false;
  const accepted = new Map<string, RestingOrder>();
  const accounts = new Map<string, Map<string, Holding>>();

  const accountOf = (strategyId: string) => {
    const account = accounts.get(strategyId) ?? new Map<string, Holding>();
    accounts.set(strategyId, account);
    return account;
  };
  const fill = (order: RestingOrder, price: number) => {
    orders.delete(order.orderId);
    outcomes.set(order, { outcome: 'filled', endedAt: now(), filledPrice: price });
    const account = accountOf(order.strategyId);
    account.set(order.instrument, afterTrade(account.get(order.instrument) ?? NOTHING, { ...order, price }));
  };

  return {
    accept(order, at) {
      const key = `${order.strategyId}/${order.clientOrderId}`;
      const earlier = accepted.get(key);
      if (earlier) return earlier;
      const resting = { ...order, orderId: newOrderId(), submittedAt: at };
      orders.set(resting.orderId, resting);
      hasForgotten = remember(accepted, key, resting) || hasForgotten;
      return resting;
    },
    remove(orderId, why = 'cancelled') {
      const order = orders.get(orderId);
      if (order) outcomes.set(order, { outcome: why, endedAt: now() });
      return orders.delete(orderId);
    },
    find: (orderId) => orders.get(orderId),
    resting: (strategyId) =>
      [...orders.values()].filter((order) => strategyId === undefined || order.strategyId === strategyId),
    accepted: (strategyId) =>
      [...accepted.values()]
        .filter((order) => order.strategyId === strategyId)
        .map((order) => ({ ...order, ...(outcomes.get(order) ?? { outcome: 'resting' as const }) })),
    keptSince: () => (hasForgotten ? [...accepted.values()][0]?.submittedAt : undefined),
    match(quote) {
      const reached = [...orders.values()].filter(
        (order) => order.instrument === quote.instrument && isReached(order, quote),
      );
      for (const order of reached) fill(order, order.side === 'buy' ? quote.ask : quote.bid);
      return reached;
    },
    holdings: (strategyId) => accountOf(strategyId),
  };
}

export const isReached = ({ side, price }: NewOrder, { bid, ask }: Quote): boolean =>
  side === 'buy' ? ask <= price : bid >= price;

/** True when an older one was forgotten for it. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): boolean {
  map.set(key, value);
  const [oldest] = map.keys();
  return map.size > REMEMBERED_ORDERS && oldest !== undefined && map.delete(oldest);
}
