import type { OrderTicket, VenueAccount, VenueOrder } from './venue-client.ts';

/** An order as the engine knows it: `orderId` is there once acknowledged. `sentElapsed` is monotonic milliseconds. */
export type OwnOrder = OrderTicket & {
  readonly sentElapsed: number;
  readonly sentAt: string;
  readonly orderId?: string;
};

/** What the venue said: its open orders first, then the account, so that a fill is missing from neither. */
export type VenueWord = {
  readonly listed: readonly VenueOrder[];
  readonly account: VenueAccount;
  readonly askedAt: number;
};

/** The engine's own view of its orders and positions, corrected by what the venue says. */
export type OwnOrders = {
  sent(ticket: OrderTicket, elapsed: number, at: string): void;
  acknowledged(clientOrderId: string, orderId: string): void;
  gone(clientOrderId: string): void;
  /** What rests or may rest, oldest first. */
  all(): readonly OwnOrder[];
  /** How many wait for an acknowledgement for longer than that. */
  waitingLonger(ms: number, elapsed: number): number;
  account(): VenueAccount;
  position(instrument: string): number;
  /** Believes the venue. `acksLost`: about orders without an acknowledgement believe nothing. */
  reconcile(word: VenueWord, acksLost: boolean): void;
};

/** An order that was sent this shortly before the list was asked for may not be on it yet. */
const IN_FLIGHT_MS = 1_000;

/** `isForeign` tells which of the strategy's orders at the venue another instance answers for: they are none of ours. */
export function ownOrders(isForeign: (clientOrderId: string) => boolean): OwnOrders {
  const orders = new Map<string, OwnOrder>();
  let account: VenueAccount = { positions: [], realised: 0, cash: 0 };
  return {
    sent: (ticket, sentElapsed, sentAt) => void orders.set(ticket.clientOrderId, { ...ticket, sentElapsed, sentAt }),
    acknowledged(clientOrderId, orderId) {
      const order = orders.get(clientOrderId);
      if (order) orders.set(clientOrderId, { ...order, orderId });
    },
    gone: (clientOrderId) => void orders.delete(clientOrderId),
    all: () => [...orders.values()],
    waitingLonger: (ms, elapsed) =>
      [...orders.values()].filter((order) => isWaiting(order) && elapsed - order.sentElapsed > ms).length,
    account: () => account,
    position: (instrument) => account.positions.find((each) => each.instrument === instrument)?.quantity ?? 0,
    reconcile(word, acksLost) {
      account = word.account;
      dropUnlisted(orders, word, acksLost);
      for (const listed of word.listed.filter((each) => !isForeign(each.clientOrderId)))
        takeListed(orders, listed, word.askedAt, acksLost);
    },
  };
}

const isWaiting = ({ orderId }: OwnOrder): boolean => orderId === undefined;

function dropUnlisted(orders: Map<string, OwnOrder>, { listed, askedAt }: VenueWord, acksLost: boolean): void {
  const known = new Set(listed.map(({ clientOrderId }) => clientOrderId));
  for (const order of orders.values()) {
    const mayBeUnderWay = isWaiting(order) && (acksLost || askedAt - order.sentElapsed < IN_FLIGHT_MS);
    if (!known.has(order.clientOrderId) && !mayBeUnderWay) orders.delete(order.clientOrderId);
  }
}

function takeListed(orders: Map<string, OwnOrder>, listed: VenueOrder, askedAt: number, acksLost: boolean): void {
  const { submittedAt, clientOrderId, orderId, instrument, side, quantity, price, timeInForce } = listed;
  const order = orders.get(clientOrderId);
  if (order && (acksLost || !isWaiting(order))) return;
  const sent = { sentAt: order?.sentAt ?? submittedAt, sentElapsed: order?.sentElapsed ?? askedAt };
  orders.set(clientOrderId, { clientOrderId, orderId, instrument, side, quantity, price, timeInForce, ...sent });
}
