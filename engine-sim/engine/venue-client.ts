import * as z from 'zod';

const iso = z.iso.datetime();
const Quote = z.object({ instrument: z.string(), bid: z.number(), ask: z.number(), at: iso });
const QuoteReply = z.object({ open: z.boolean(), marketTime: iso, quote: Quote.nullable() });
const Bar = z.object({
  at: iso,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
});
const Order = z.object({
  orderId: z.string(),
  clientOrderId: z.string(),
  venue: z.string(),
  instrument: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: z.number(),
  price: z.number(),
  submittedAt: iso,
  timeInForce: z.enum(['day', 'gtc']).optional(),
});
const Position = z.object({
  instrument: z.string(),
  quantity: z.number(),
  averagePrice: z.number(),
  markPrice: z.number(),
});
const Account = z.object({ positions: z.array(Position), realised: z.number(), cash: z.number() });

export type VenueQuote = z.infer<typeof QuoteReply>;
export type VenueBar = z.infer<typeof Bar>;
export type VenueOrder = z.infer<typeof Order>;
export type VenueAccount = z.infer<typeof Account>;
export type OrderTicket = {
  clientOrderId: string;
  instrument: string;
  side: 'buy' | 'sell';
  quantity: number;
  price: number;
  timeInForce?: 'day' | 'gtc' | undefined;
  /** Refused rather than filled at once. */
  postOnly?: boolean;
};

/** The venue said no to an order: it does not rest. Any other failure leaves that unknown. */
export class OrderRejected extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OrderRejected';
  }
}

/** The venue as the engine uses it: prices, order entry with the trading key, and what it holds there. */
export type VenueClient = {
  ping(): Promise<void>;
  quote(instrument: string): Promise<VenueQuote>;
  bars(instrument: string, minutes: number): Promise<VenueBar[]>;
  submit(ticket: OrderTicket): Promise<{ orderId: string; status: 'resting' | 'filled' }>;
  cancel(orderId: string): Promise<void>;
  cancelAll(): Promise<number>;
  openOrders(): Promise<VenueOrder[]>;
  account(): Promise<VenueAccount>;
};

const READ_MS = 1_000;
const ORDER_MS = 5_000;

export function venueClient({ url, key }: { url: string; key: string }, strategyId: string): VenueClient {
  const strategy = `strategy=${encodeURIComponent(strategyId)}`;
  const call = async (method: string, path: string, deadlineMs: number, body?: unknown): Promise<Response> =>
    fetch(`${url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(deadlineMs),
    });
  const ask = async <Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
    deadlineMs: number,
  ): Promise<z.infer<Schema>> =>
    schema.parse(await (await expectOk(await call(method, path, deadlineMs), path)).json());

  return {
    ping: async () => void (await ask(z.object({ venue: z.string() }), 'GET', '/status', READ_MS)),
    quote: (instrument) => ask(QuoteReply, 'GET', `/quotes?instrument=${encodeURIComponent(instrument)}`, READ_MS),
    bars: async (instrument, minutes) =>
      (
        await ask(
          z.object({ bars: z.array(Bar) }),
          'GET',
          `/bars?instrument=${encodeURIComponent(instrument)}&minutes=${minutes}`,
          READ_MS,
        )
      ).bars,
    async submit(ticket) {
      const reply = await call('POST', '/orders', ORDER_MS, { ...ticket, strategyId });
      if (reply.status >= 400 && reply.status < 500)
        throw new OrderRejected(`${reply.status}: ${(await reply.text()).slice(0, 200)}`);
      return z
        .object({ orderId: z.string(), status: z.enum(['resting', 'filled']) })
        .parse(await (await expectOk(reply, '/orders')).json());
    },
    async cancel(orderId) {
      const reply = await call('DELETE', `/orders/${encodeURIComponent(orderId)}`, ORDER_MS);
      if (reply.status !== 404) await expectOk(reply, '/orders'); // gone is what we wanted
    },
    cancelAll: async () =>
      (await ask(z.object({ cancelRequested: z.number() }), 'DELETE', `/orders?${strategy}`, ORDER_MS)).cancelRequested,
    openOrders: async () =>
      (await ask(z.object({ orders: z.array(Order) }), 'GET', `/orders?${strategy}`, READ_MS)).orders,
    account: () => ask(Account, 'GET', `/positions?${strategy}`, READ_MS),
  };
}

async function expectOk(reply: Response, path: string): Promise<Response> {
  if (reply.ok) return reply;
  throw new Error(`the venue answered ${reply.status} to ${path}: ${(await reply.text()).slice(0, 200)}`);
}
