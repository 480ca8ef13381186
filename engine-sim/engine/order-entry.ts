import { Problem } from '../program/problem.ts';
import type { WantedOrder } from './check-order.ts';
import type { InstanceCore } from './instance-core.ts';
import { type OwnOrders, ownOrders } from './own-orders.ts';
import { isForeignProbe, isProbeOrder } from './probe-rules.ts';
import type { RoundTrips } from './round-trips.ts';
import { OrderRejected, type VenueClient } from './venue-client.ts';

export type OrderEntryPorts = {
  readonly instanceId: string;
  readonly core: InstanceCore;
  readonly venue: VenueClient;
  readonly trips: RoundTrips;
  readonly newId: () => string;
  /** Whether acknowledgements are lost on their way (a fault). */
  readonly acksLost: () => boolean;
  /** Resolves when an acknowledgement that has just come arrives (a fault). */
  readonly ackDelayed?: () => Promise<unknown> | undefined;
  /** Resolves at once, or when the instance is thawed. */
  readonly thawed: () => Promise<void>;
};

/** The instance's way to its venue: sends, cancels, and keeps the own view true. */
export type OrderEntry = {
  readonly orders: OwnOrders;
  /** Sends without waiting; the acknowledgement comes when it comes. */
  send(order: WantedOrder): void;
  /** Sends a probe order and waits until the venue has it; answers its order id. Refuses (409) what the venue refuses, and what it does not acknowledge. */
  probe(order: WantedOrder, clientOrderId: string): Promise<string>;
  cancel(orderId: string): void;
  /** Asks the venue to cancel everything of this strategy. Returns how many cancels were asked for. */
  cancelAll(): Promise<number>;
  reconcile(): Promise<void>;
  /** ISO times of the last acknowledgement, and of the last answer to anything. */
  seen(): { orderAcknowledgements?: string; executionGateway?: string };
};

export function orderEntry({
  instanceId,
  core,
  venue,
  trips,
  newId,
  acksLost,
  ackDelayed,
  thawed,
}: OrderEntryPorts): OrderEntry {
  const orders = ownOrders((clientOrderId) => isForeignProbe(clientOrderId, instanceId));
  const seen: { orderAcknowledgements?: string; executionGateway?: string } = {};
  const iso = () => new Date(core.now().wall).toISOString();

  const cancel = (orderId: string) => void venue.cancel(orderId).catch(() => undefined); // asked again at the next tick
  const mayRest = (clientOrderId: string) =>
    core.inForce().mode !== 'SAFE' || (isProbeOrder(clientOrderId) && core.isProbing());
  const submit = async (order: WantedOrder, clientOrderId = newId()): Promise<string | OrderRejected | undefined> => {
    const ticket = { ...order, clientOrderId, ...(isProbeOrder(clientOrderId) && { postOnly: true }) };
    const sent = core.now();
    orders.sent(ticket, sent.elapsed, new Date(sent.wall).toISOString());
    try {
      const ack = await venue.submit(ticket);
      await ackDelayed?.();
      await thawed();
      if (acksLost()) return undefined;
      trips.add(core.now().elapsed - sent.elapsed, core.now().elapsed);
      seen.orderAcknowledgements = iso();
      orders.acknowledged(ticket.clientOrderId, ack.orderId); // filled ones go when the account shows the fill
      if (!mayRest(clientOrderId)) cancel(ack.orderId); // it was under way when everything else was cancelled
      return ack.orderId;
    } catch (error) {
      if (!(error instanceof OrderRejected)) return undefined; // it may rest, and only the venue's list can tell
      orders.gone(clientOrderId);
      return error;
    }
  };

  return {
    orders,
    send: (order) => void submit(order),
    async probe(order, clientOrderId) {
      const outcome = await submit(order, clientOrderId);
      if (typeof outcome === 'string') return outcome;
      throw outcome
        ? new Problem(409, 'VenueRefused', `the venue refused the probe order: ${outcome.message}`, 'look at the venue')
        : new Problem(409, 'NotAcknowledged', 'the venue did not acknowledge the probe order', 'look at the venue');
    },
    cancel,
    cancelAll: () => venue.cancelAll(),
    seen: () => ({ ...seen }),
    async reconcile() {
      const askedAt = core.now().elapsed;
      const listed = await venue.openOrders();
      const account = await venue.account();
      await thawed();
      orders.reconcile({ listed, account, askedAt }, acksLost());
      seen.executionGateway = iso();
      if (orders.waitingLonger(0, core.now().elapsed) === 0) seen.orderAcknowledgements = iso(); // nothing is owed to us
    },
  };
}
