import { Refusal } from '../refusal.ts';
import type { DrainedEngine } from './drain.ts';
import type { OrdersSeen } from './look-at-orders.ts';

/**
 * Runbook 4.3, the rule: drained is when every venue says zero, and every engine that answers does. An engine that does not answer holds the
 * drain up for as long as its lease lives; after that it has cancelled and is SAFE, and the venues' own word decides. Nothing when it is
 * drained; else why not: OrdersResting, VenueUnreachable or EngineUnreachable, which the machine all takes as: look again.
 */
export function whyNotDrained({ engines, venues, orders }: OrdersSeen, now: Date): Refusal | undefined {
  const facts = { engines, venues };
  const next = 'wait: the drain goes on';
  const silent = silentVenues({ venues }, next, facts);
  if (orders.length > 0) {
    const message = `${counted(orders.length)} at ${placesOf(venues)}${silent ? `; ${silent.message}` : ''}`;
    return new Refusal('OrdersResting', message, next, facts);
  }
  if (silent) return silent;
  const holding = engines.filter((engine) => holdsUp(engine, now));
  const [first] = holding;
  if (!first) return undefined;
  const message = holding.map(wordsOf).join('; ');
  return new Refusal(first.open === null ? 'EngineUnreachable' : 'OrdersResting', message, next, facts);
}

/** Names the venues that gave no usable answer, where there are any: then nobody knows what rests. */
export function silentVenues(
  { venues }: Pick<OrdersSeen, 'venues'>,
  next = 'ask the venue by phone',
  facts: Refusal['facts'] = {},
): Refusal | undefined {
  const silent = venues.filter(({ open }) => open === null).map(({ venue }) => venue);
  if (silent.length === 0) return undefined;
  return new Refusal('VenueUnreachable', `${silent.join(', ')} gave no usable answer`, next, facts);
}

/** The instances that said nothing: named wherever the venues' word was taken for theirs. */
export const silentEngines = ({ engines }: Pick<OrdersSeen, 'engines'>): string[] =>
  engines.filter(({ open }) => open === null).map(({ instance }) => instance);

const holdsUp = ({ open, leaseUntil }: DrainedEngine, now: Date): boolean =>
  open === null ? leaseUntil !== undefined && now.toISOString() < leaseUntil : open > 0;

const wordsOf = ({ instance, open, leaseUntil }: DrainedEngine): string =>
  open === null
    ? `${instance} does not answer, and its lease lives until ${leaseUntil}`
    : `${instance} counts ${counted(open)}, which no venue has`;

const placesOf = (venues: OrdersSeen['venues']): string =>
  venues
    .filter(({ open }) => open !== null && open > 0)
    .map(({ venue, open }) => `${venue} (${open})`)
    .join(', ');

const counted = (count: number): string => (count === 1 ? '1 open order' : `${count} open orders`);
