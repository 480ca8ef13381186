import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Log } from '../program/log.ts';
import { Problem, problemResponse } from '../program/problem.ts';
import { parseBody, readBytes } from '../program/read-body.ts';
import { type KeyKind, keyKindOf } from './bearer-keys.ts';
import type { Outcome, RestingOrder } from './order-book.ts';
import type { VenueSettings } from './venue-config.ts';
import type { VenueDesk } from './venue-desk.ts';

const Submission = z.strictObject({
  clientOrderId: z.string().min(1).max(100),
  strategyId: z.string().min(1).max(40),
  instrument: z.string().min(1).max(40),
  side: z.enum(['buy', 'sell']),
  quantity: z.number().positive(),
  price: z.number().positive(),
  postOnly: z.boolean().optional(),
  timeInForce: z.enum(['day', 'gtc']).optional(),
});
const Minutes = z.coerce.number().int().min(1).max(10_000);

export type HostedVenue = { readonly settings: VenueSettings; readonly desk: VenueDesk };

/** The venues' HTTP surface (docs/engine-contract.md, Trading venue), one path prefix per venue. */
export function venueApp(venues: readonly HostedVenue[], log: Log): Hono {
  const app = new Hono();
  app.onError((error) => {
    if (error instanceof Problem) return problemResponse(error);
    log('fault', { detail: error.message });
    return problemResponse(new Problem(500, 'Fault', 'the venue failed', 'look at its log'));
  });
  app.notFound(() =>
    problemResponse(
      new Problem(404, 'NotFound', 'there is no such path', `venues: ${venues.map(({ desk }) => desk.id).join(', ')}`),
    ),
  );
  for (const { settings, desk } of venues) {
    const keys = { trading: settings.tradingKeys, control: settings.controlKeys };
    const routes = new Hono<{ Variables: { key: KeyKind } }>();
    routes.use(async (context, next) => {
      await desk.answers();
      context.set('key', keyKindOf(context.req.header('authorization'), keys));
      await next();
    });
    addOrderRoutes(routes, desk);
    addReadRoutes(routes, desk);
    app.route(`/${desk.id}/v1`, routes);
  }
  return app;
}

type Routes = Hono<{ Variables: { key: KeyKind } }>;

function addOrderRoutes(routes: Routes, desk: VenueDesk): void {
  routes.post('/orders', async (context) => {
    if (context.get('key') !== 'trading')
      throw new Problem(403, 'KeyMayNotTrade', 'this key may read and cancel, not trade', 'use a trading key');
    const order = await desk.submit(parseBody(Submission, await readBytes(context.req.raw)));
    return context.json({ ...shown(order, desk), status: desk.book.find(order.orderId) ? 'resting' : 'filled' }, 201);
  });
  routes.get('/orders', (context) =>
    context.json({ orders: desk.book.resting(strategyOf(context)).map((order) => shown(order, desk)) }),
  );
  routes.get('/orders/accepted', (context) =>
    context.json(acceptedPage(desk, strategyOf(context), context.req.query())),
  );
  routes.delete('/orders', (context) => context.json(desk.cancel(desk.book.resting(strategyOf(context))), 202));
  routes.delete('/orders/:id', (context) => {
    const order = desk.book.find(context.req.param('id'));
    if (!order) throw new Problem(404, 'NotFound', 'that order does not rest here', 'list the open orders');
    const { refused } = desk.cancel([order]);
    if (refused[0]) throw new Problem(409, 'CancelRefused', refused[0].reason, 'ask again', { orderId: order.orderId });
    return context.json({ cancelRequested: 1, refused }, 202);
  });
}

function addReadRoutes(routes: Routes, desk: VenueDesk): void {
  routes.get('/status', (context) =>
    context.json({
      venue: desk.id,
      kind: 'simulated',
      open: desk.isOpen(),
      marketTime: iso(desk.feed.marketNow()),
      instruments: desk.feed.instruments,
    }),
  );
  routes.get('/positions', (context) => context.json(account(desk, strategyOf(context))));
  routes.get('/quotes', (context) => {
    const quote = desk.feed.quote(instrumentOf(context, desk));
    return context.json({
      open: desk.isOpen(),
      marketTime: iso(desk.feed.marketNow()),
      quote: quote ? { ...quote, at: iso(quote.at) } : null,
    });
  });
  routes.get('/bars', (context) => {
    const minutes = Minutes.safeParse(context.req.query('minutes') ?? '15');
    if (!minutes.success)
      throw new Problem(400, 'InvalidRequest', 'minutes is a whole number from 1 to 10000', 'ask for some minutes');
    const instrument = instrumentOf(context, desk);
    return context.json({
      instrument,
      bars: desk.feed.bars(instrument, minutes.data).map((bar) => ({ ...bar, at: iso(bar.at) })),
    });
  });
}

function account(desk: VenueDesk, strategyId: string) {
  const holdings = [...desk.book.holdings(strategyId)];
  return {
    positions: holdings
      .filter(([, { quantity }]) => quantity !== 0)
      .map(([instrument, { quantity, averagePrice }]) => ({
        instrument,
        quantity,
        averagePrice,
        markPrice: desk.mark(instrument),
      })),
    realised: holdings.reduce((sum, [, { realised }]) => sum + realised, 0),
    cash: holdings.reduce((sum, [, { cash }]) => sum + cash, 0),
  };
}

const shown = (
  { orderId, clientOrderId, instrument, side, quantity, price, submittedAt, timeInForce }: RestingOrder,
  desk: VenueDesk,
) => ({
  orderId,
  clientOrderId,
  venue: desk.id,
  instrument,
  side,
  quantity,
  price,
  submittedAt: iso(submittedAt),
  timeInForce: timeInForce ?? 'day',
});

const PAGE = 1_000;

/** Oldest first. `after` is the order id that the page before ended with; one that is forgotten meanwhile begins anew, which repeats and loses nothing. */
function acceptedPage(desk: VenueDesk, strategyId: string, { since = '', until, after }: Record<string, string>) {
  const asked = desk.book.accepted(strategyId).filter(({ submittedAt }) => {
    const at = iso(submittedAt);
    return at >= since && (until === undefined || at < until);
  });
  const from = asked.findIndex(({ orderId }) => orderId === after) + 1;
  const page = asked.slice(from, from + PAGE);
  const next = from + PAGE < asked.length ? page.at(-1)?.orderId : undefined;
  const keptSince = desk.book.keptSince();
  return {
    orders: page.map((order) => ({ ...shown(order, desk), ...ended(order) })),
    ...(next !== undefined && { next }),
    ...(keptSince !== undefined && { keptSince: iso(keptSince) }),
  };
}

const ended = ({ outcome, endedAt, filledPrice }: Outcome) => ({
  outcome,
  ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
  ...(filledPrice !== undefined && { filledPrice }),
});

function strategyOf(context: Context): string {
  const strategy = context.req.query('strategy');
  if (!strategy) throw new Problem(400, 'InvalidRequest', 'the strategy is missing', 'add ?strategy=<id>');
  return strategy;
}

function instrumentOf(context: Context, desk: VenueDesk): string {
  const instrument = context.req.query('instrument') ?? desk.feed.instruments[0] ?? '';
  if (!desk.feed.instruments.includes(instrument)) {
    throw new Problem(
      404,
      'UnknownInstrument',
      `${desk.id} does not know ${instrument}`,
      `it knows ${desk.feed.instruments.join(', ')}`,
    );
  }
  return instrument;
}

const iso = (at: number): string => new Date(at).toISOString();
