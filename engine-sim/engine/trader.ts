import { checkOrder, type WantedOrder } from './check-order.ts';
import { type Flow, flowOf } from './flow-settings.ts';
import type { InstanceCore } from './instance-core.ts';
import type { MarketView } from './market-view.ts';
import type { OrderEntry } from './order-entry.ts';
import { wantedOrders } from './order-flow.ts';
import type { OwnOrder } from './own-orders.ts';
import { isProbeOrder } from './probe-rules.ts';
import { type Bucket, EMPTY_BUCKET, takeToken } from './token-bucket.ts';

const MOST_UNACKNOWLEDGED = 10;

/** Turns market data into orders, inside what is in force. One call is one look: it decides and returns, and waits for nobody. */
export function trader(core: InstanceCore, market: MarketView, entry: OrderEntry): () => void {
  let bucket: Bucket = EMPTY_BUCKET;
  let sequence = 0;
  let tookAt = Number.NEGATIVE_INFINITY;

  const wanted = (flow: Flow, takeNow: boolean) => {
    const quote = market.quote();
    const stuck = entry.orders.waitingLonger(0, core.now().elapsed) >= MOST_UNACKNOWLEDGED;
    if (!quote || stuck) return [];
    const exposure = { position: entry.orders.position(flow.instrument), resting: entry.orders.all() };
    return wantedOrders(flow, {
      ...exposure,
      ...quote,
      mode: core.inForce().mode,
      closes: market.closes(),
      sequence,
      takeNow,
    });
  };
  const sendOne = (flow: Flow, order: WantedOrder): boolean => {
    const { mode, maxOrdersPerSec } = core.inForce();
    const exposure = { position: entry.orders.position(flow.instrument), resting: entry.orders.all() };
    if (checkOrder(order, exposure, flow.limits, mode) !== undefined) return false;
    const token = takeToken(bucket, maxOrdersPerSec, core.now().elapsed);
    bucket = token.bucket;
    if (!token.allowed) return false;
    sequence += 1;
    entry.send(order);
    return true;
  };
  const trade = (flow: Flow) => {
    const { elapsed } = core.now();
    const takeNow = elapsed - tookAt >= flow.parameters.takeEverySeconds * 1000;
    const sent = wanted(flow, takeNow).filter((order) => sendOne(flow, order));
    if (takeNow && sent.length > 0) tookAt = elapsed;
  };

  return () => {
    const { loaded } = core.state();
    if (core.inForce().mode === 'SAFE' || !loaded) {
      cancelWhatRests(core, entry);
      return;
    }
    const flow = flowOf(loaded.parameters, loaded.limits);
    cancelWhatMustGo(flow, core, entry);
    trade(flow);
  };
}

/** Asked again at every look, until the venue lists nothing but what was left; a probe order stays for as long as it is being probed. */
export function cancelWhatRests(core: InstanceCore, { orders, cancel, cancelAll }: OrderEntry): void {
  const { left } = core.state();
  const mustGo = orders
    .all()
    .filter((order) => !isLeft(order, left) && !(isProbeOrder(order.clientOrderId) && core.isProbing()));
  if (left.length === 0 && mustGo.length > 0) cancelAll().catch(() => undefined);
  else for (const { orderId } of mustGo) if (orderId !== undefined) cancel(orderId);
}

const isLeft = ({ orderId }: OwnOrder, left: readonly string[]): boolean =>
  orderId !== undefined && left.includes(orderId);

/** Old orders of the day go; in REDUCE_ONLY so does every order of the day that would not close. What is good till cancelled, or was left, stays. */
function cancelWhatMustGo({ instrument, parameters }: Flow, core: InstanceCore, entry: OrderEntry): void {
  const { elapsed } = core.now();
  const position = entry.orders.position(instrument);
  const reducing = core.inForce().mode === 'REDUCE_ONLY';
  const { left } = core.state();
  const mustGo = ({ side, quantity, sentElapsed, timeInForce }: OwnOrder) =>
    timeInForce !== 'gtc' &&
    (elapsed - sentElapsed >= parameters.orderLifetimeSeconds * 1000 ||
      (reducing && (side === 'sell' ? position : -position) < quantity));
  for (const order of entry.orders.all().filter((each) => mustGo(each) && !isLeft(each, left)))
    if (order.orderId !== undefined) entry.cancel(order.orderId);
}
