import type { OpenOrder } from '../engine/open-order.ts';
import type { Position } from '../engine/position.ts';
import { type Finding, finding } from '../launch/finding.ts';
import { Refusal } from '../refusal.ts';

type Held = Pick<Position, 'instrument' | 'quantity'>;
type Order = Pick<OpenOrder, 'orderId' | 'instrument'>;

/** What one venue, or one engine instance, says of orders and positions; a refusal where it does not say it. */
export type Book = { readonly orders: readonly Order[] | Refusal; readonly positions: readonly Held[] | Refusal };
export type Books = {
  readonly venues: readonly (Book & { readonly venue: string })[];
  readonly engines: readonly (Book & { readonly instanceId: string })[];
};

/**
 * Product decision 9: reconciliation. No order rests, by the word of every venue and of every instance, and what all instances
 * together believe to hold of an instrument is what all venues together say. A side that does not answer is a no.
 */
export function compareBooks({ venues, engines }: Books, at: string): Finding[] {
  return [
    ...venues.map(({ venue, orders }) => nothingRests(`venue ${venue}`, orders, 'VenueUnreachable', at)),
    ...engines.map(({ instanceId, orders }) => nothingRests(`engine ${instanceId}`, orders, 'EngineUnreachable', at)),
    ...comparePositions({ venues, engines }, at),
  ];
}

function nothingRests(
  source: string,
  orders: readonly Order[] | Refusal,
  silent: 'VenueUnreachable' | 'EngineUnreachable',
  at: string,
): Finding {
  const seen = { check: `${source.replace(' ', '.')}.orders`, expected: 'nothing rests' };
  const evidence = { source, observedAt: at };
  if (orders instanceof Refusal)
    return finding(false, silent, { ...seen, actual: `not known: ${orders.message}`, evidence });
  const named = orders.slice(0, 5).map(({ orderId, instrument }) => `${orderId} (${instrument})`);
  const actual = orders.length === 0 ? 'nothing rests' : `${orders.length} rest: ${named.join(', ')}`;
  return finding(orders.length === 0, 'OrdersResting', { ...seen, actual, evidence });
}

function comparePositions({ venues, engines }: Books, at: string): Finding[] {
  const [held, believed] = [totals(venues), totals(engines)];
  const silent = [
    ...venues.map(({ venue, positions }) => notTold(`venue ${venue}`, 'VenueUnreachable', positions, at)),
    ...engines.map(({ instanceId, positions }) => notTold(`engine ${instanceId}`, 'EngineUnreachable', positions, at)),
  ].filter((each) => each !== undefined);
  if (silent.length > 0) return silent;
  const evidence = { source: 'every venue and every engine instance', observedAt: at };
  const instruments = [...new Set([...held.keys(), ...believed.keys()])].toSorted();
  if (instruments.length === 0)
    return [
      finding(true, 'PositionsDiffer', {
        check: 'positions',
        expected: 'no position',
        actual: 'no position',
        evidence,
      }),
    ];
  return instruments.map((instrument) => {
    const [atVenues, atEngines] = [held.get(instrument) ?? 0, believed.get(instrument) ?? 0];
    return finding(isSame(atVenues, atEngines), 'PositionsDiffer', {
      check: `position.${instrument}`,
      expected: `${atVenues}, as the venues say`,
      actual: `${atEngines}, as the engines say`,
      evidence,
    });
  });
}

function notTold(
  source: string,
  code: 'VenueUnreachable' | 'EngineUnreachable',
  positions: readonly Held[] | Refusal,
  at: string,
): Finding | undefined {
  if (!(positions instanceof Refusal)) return undefined;
  return finding(false, code, {
    check: `${source.replace(' ', '.')}.positions`,
    expected: 'what is held',
    actual: `not known: ${positions.message}`,
    evidence: { source, observedAt: at },
  });
}

/** By instrument; what is not held is left out. */
function totals(books: readonly Pick<Book, 'positions'>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { positions } of books)
    for (const { instrument, quantity } of positions instanceof Refusal ? [] : positions)
      sums.set(instrument, (sums.get(instrument) ?? 0) + quantity);
  return new Map([...sums].filter(([, quantity]) => !isSame(quantity, 0)));
}

/** Sums of decimal fractions differ in their last binary digits, by where they were added up. */
const isSame = (left: number, right: number): boolean =>
  Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));
