import { performance } from 'node:perf_hooks';
import { checkOrder, type WantedOrder } from './check-order.ts';
import type { Flow } from './flow-settings.ts';
import { wantedOrders } from './order-flow.ts';
import { percentile } from './round-trips.ts';
import type { VenueBar, VenueClient } from './venue-client.ts';

export type SmokeReport = {
  window: { from: string; to: string };
  bars: number;
  orders: (WantedOrder & { at: string; referencePrice: number })[];
  rejects: number;
  /** Orders that lapsed: what rests at the end of its minute is cancelled. */
  cancels: number;
  latency: { p50Ms: number; p95Ms: number };
};

const PINGS = 20;
const MINUTE_MS = 60_000;

/**
 * Replays the newest recorded trading minutes through the deployed flow and limits, sending nothing (runbook 2.4). Closed hours
 * and gaps are no minutes, so the window may be longer than they are. Latency is of order-entry pings made meanwhile.
 */
export async function runSmoke(flow: Flow, minutes: number, venue: VenueClient): Promise<SmokeReport> {
  const recorded = await venue.bars(flow.instrument, minutes + flow.parameters.slowBars);
  const replayed = recorded.slice(-minutes);
  const earlier = recorded.slice(0, recorded.length - replayed.length);
  const { orders, rejects, cancels } = replay(flow, earlier, replayed);
  const roundTrips = await pings(venue);
  const [first, last] = [replayed.at(0), replayed.at(-1)];
  const to = last ? new Date(Date.parse(last.at) + MINUTE_MS).toISOString() : new Date(0).toISOString();
  return {
    window: { from: first?.at ?? to, to },
    bars: replayed.length,
    orders,
    rejects,
    cancels,
    latency: { p50Ms: percentile(roundTrips, 0.5) ?? 0, p95Ms: percentile(roundTrips, 0.95) ?? 0 },
  };
}

type Replayed = Pick<SmokeReport, 'orders' | 'rejects' | 'cancels'> & { readonly position: number };

function replay(flow: Flow, earlier: readonly VenueBar[], bars: readonly VenueBar[]): Replayed {
  const closes = earlier.map(({ close }) => close);
  let so: Replayed = { orders: [], rejects: 0, cancels: 0, position: 0 };
  for (const bar of bars) {
    so = replayMinute(flow, bar, closes, so);
    closes.push(bar.close);
  }
  return so;
}

/** Orders of one minute rest until its end: they fill when its range reaches them, else they lapse. */
function replayMinute(flow: Flow, bar: VenueBar, closes: readonly number[], before: Replayed): Replayed {
  const resting: WantedOrder[] = [];
  let { rejects, position } = before;
  for (let look = 0; look <= flow.parameters.restingOrders; look += 1) {
    const sequence = before.orders.length + resting.length;
    const market = { bid: bar.open, ask: bar.open, closes, sequence, takeNow: look === 0 };
    const wanted = wantedOrders(flow, { position, resting, mode: 'ACTIVE', ...market });
    const allowed = wanted.filter(
      (order) => checkOrder(order, { position, resting }, flow.limits, 'ACTIVE') === undefined,
    );
    resting.push(...allowed);
    rejects += wanted.length - allowed.length;
  }
  const filled = resting.filter((each) => isReached(each, bar));
  for (const order of filled) position += order.side === 'buy' ? order.quantity : -order.quantity;
  const orders = resting.map((order) => ({ at: bar.at, ...order, referencePrice: bar.open }));
  const cancels = before.cancels + resting.length - filled.length;
  return { orders: [...before.orders, ...orders], rejects, cancels, position };
}

const isReached = ({ side, price }: WantedOrder, { high, low }: VenueBar): boolean =>
  side === 'buy' ? low <= price : high >= price;

async function pings(venue: VenueClient): Promise<number[]> {
  const times: number[] = [];
  for (let ping = 0; ping < PINGS; ping += 1) {
    const sent = performance.now();
    await venue.ping();
    times.push(Math.round((performance.now() - sent) * 100) / 100);
  }
  return times;
}
