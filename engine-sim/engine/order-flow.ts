import { checkOrder, type Exposure, type WantedOrder } from './check-order.ts';
import type { TradingMode } from './engine-state.ts';
import type { Flow } from './flow-settings.ts';

export type FlowMoment = Exposure & {
  readonly mode: TradingMode;
  readonly bid: number;
  readonly ask: number;
  /** Closes of recorded minutes, oldest first. */
  readonly closes: readonly number[];
  /** Counts the orders of this instance: alternates sides without chance. */
  readonly sequence: number;
  /** Whether it is time to take liquidity again. */
  readonly takeNow: boolean;
};

/**
 * What the built-in flow wants at this moment: a few resting quotes around the market, and now and then an order that
 * trades towards the momentum of the recorded minutes. `checkOrder` is the barrier behind it.
 */
export function wantedOrders(flow: Flow, moment: FlowMoment): WantedOrder[] {
  const { parameters } = flow;
  const wanted: WantedOrder[] = [];
  const add = (order: WantedOrder | undefined) => {
    const exposure = { position: moment.position, resting: [...moment.resting, ...wanted] };
    if (order && hasRoom(order, exposure, flow, moment.mode)) wanted.push(order);
  };
  if (moment.takeNow) add(takingOrder(flow, moment));
  if (moment.resting.length < parameters.restingOrders) add(restingOrder(flow, moment));
  return wanted;
}

/** Waits while positions and resting orders use the limits up. An order too large on its own is wanted all the same: the barrier must refuse it, visibly. */
function hasRoom(order: WantedOrder, exposure: Exposure, { limits }: Flow, mode: TradingMode): boolean {
  const fits = checkOrder(order, exposure, limits, mode) === undefined;
  return fits || (mode === 'ACTIVE' && checkOrder(order, { position: 0, resting: [] }, limits, mode) !== undefined);
}

function restingOrder(flow: Flow, { sequence, bid, ask, mode, position }: FlowMoment): WantedOrder | undefined {
  const side = mode === 'REDUCE_ONLY' ? closingSide(position) : sequence % 2 === 0 ? 'buy' : 'sell';
  const offset = flow.parameters.quoteOffsetBps * (1 + (sequence % 3) / 2);
  const price = side === 'buy' ? bid * (1 - offset / 10_000) : ask * (1 + offset / 10_000);
  const timeInForce = mode === 'REDUCE_ONLY' ? 'day' : flow.parameters.timeInForce; // what only closes is not to outlive the stop
  const quantity = quantityOf(flow, price);
  return side && { instrument: flow.instrument, side, quantity, price: rounded(price), timeInForce };
}

function takingOrder(flow: Flow, moment: FlowMoment): WantedOrder | undefined {
  const side = moment.mode === 'REDUCE_ONLY' ? closingSide(moment.position) : momentum(flow, moment.closes);
  const price = side === 'buy' ? moment.ask * 1.0001 : moment.bid * 0.9999;
  return side && { instrument: flow.instrument, side, quantity: quantityOf(flow, price), price: rounded(price) };
}

const closingSide = (position: number): 'buy' | 'sell' | undefined =>
  position === 0 ? undefined : position > 0 ? 'sell' : 'buy';

function momentum({ parameters }: Flow, closes: readonly number[]): 'buy' | 'sell' | undefined {
  const slow = average(closes.slice(-parameters.slowBars));
  const fast = average(closes.slice(-parameters.fastBars));
  return closes.length < 2 || slow === fast ? undefined : fast > slow ? 'buy' : 'sell';
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** As deployed, else a twentieth of what the limits allow. */
function quantityOf({ instrument, parameters, limits }: Flow, price: number): number {
  if (parameters.orderQuantity !== undefined) return parameters.orderQuantity;
  const limit = limits.instruments[instrument];
  const room = limit ? Math.min(limit.maxPosition, limit.maxNotional / price) : 1;
  return Number((room / 20).toPrecision(3));
}

const rounded = (price: number): number => Number(price.toPrecision(8));
