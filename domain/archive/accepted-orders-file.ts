import * as z from 'zod';
import { readRegistration } from '../change.ts';
import type { AcceptedOrder } from '../engine/accepted-order.ts';
import type { StrategyId } from '../ids.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';
import { insist } from '../settle/insist.ts';

const MOST_PAGES = 200; // of a thousand orders each

/** `orders.json`: what each venue told of its orders, and what it did not. */
export const OrdersTold = z.object({
  v: z.literal(1),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  venues: z.array(
    z.object({
      venue: z.string(),
      orders: z.int().min(0),
      /** Why there are fewer than there were. */
      less: z.string().optional(),
    }),
  ),
});
export type OrdersTold = z.infer<typeof OrdersTold>;

export type AcceptedBetween = { readonly strategyId: StrategyId; readonly since: string; readonly until: string };

/** Every order that the venues took for the strategy between two moments, oldest first, one line each; and what each venue told. Never throws for a venue that does not answer: it is named. */
export async function acceptedOrders(
  { strategyId, since, until }: AcceptedBetween,
  ports: Pick<Ports, 'records' | 'venues' | 'jitter'>,
): Promise<{ lines: string[]; told: OrdersTold }> {
  const { venues } = await readRegistration(strategyId, ports);
  const all = await Promise.all(venues.map((venue) => ordersAt(venue, { strategyId, since, until }, ports)));
  const orders = all.flatMap((each) => each.orders).toSorted(oldestFirst);
  const told = all.map(({ venue, orders: own, less }) => ({
    ...{ venue, orders: own.length },
    ...(less !== undefined && { less }),
  }));
  return { lines: orders.map(canonicalJson), told: { v: 1, since, until, venues: told } };
}

type Told = { readonly venue: string; readonly orders: readonly AcceptedOrder[]; readonly less?: string };

async function ordersAt(
  venue: Venue,
  { strategyId, since, until }: AcceptedBetween,
  ports: Pick<Ports, 'venues' | 'jitter'>,
): Promise<Told> {
  const orders: AcceptedOrder[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query = { since, until, after };
    const page = await insist(() => ports.venues.acceptedOrders(venue, strategyId, query), ports);
    if (page instanceof Refusal) return { venue: venue.id, orders, less: page.message };
    orders.push(...page.orders);
    after = page.next;
    if (after !== undefined) continue;
    const isLess = page.keptSince !== undefined && page.keptSince > since;
    return { venue: venue.id, orders, ...(isLess && { less: `it keeps none from before ${page.keptSince}` }) };
  }
  return { venue: venue.id, orders, less: `it has more than ${orders.length}` };
}

const oldestFirst = (left: AcceptedOrder, right: AcceptedOrder): number => (placeOf(left) < placeOf(right) ? -1 : 1);

const placeOf = ({ submittedAt, venue, orderId }: AcceptedOrder): string => `${submittedAt} ${venue} ${orderId}`;
