import type { OpenOrder } from '../engine/open-order.ts';
import type { Position } from '../engine/position.ts';
import { type Finding, finding } from '../launch/finding.ts';
import { Refusal } from '../refusal.ts';
import { comparePositions } from '../settle/compare-holdings.ts';

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
    ...judgePositions({ venues, engines }, at),
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

function judgePositions({ venues, engines }: Books, at: string): Finding[] {
  const silent = [
    ...venues.map(({ venue, positions }) => notTold(`venue ${venue}`, 'VenueUnreachable', positions, at)),
    ...engines.map(({ instanceId, positions }) => notTold(`engine ${instanceId}`, 'EngineUnreachable', positions, at)),
  ].filter((each) => each !== undefined);
  if (silent.length > 0) return silent;
  const evidence = { source: 'every venue and every engine instance', observedAt: at };
  const compared = comparePositions(
    venues.map(({ venue, positions }) => ({ source: venue, positions })),
    engines.map(({ instanceId, positions }) => ({ source: instanceId, positions })),
  );
  if (compared.length === 0) {
    const nothing = { check: 'positions', expected: 'no position', actual: 'no position', evidence };
    return [finding(true, 'PositionsDiffer', nothing)];
  }
  return compared.map(({ instrument, venues: held, engines: believed, same }) =>
    finding(same, 'PositionsDiffer', {
      check: `position.${instrument}`,
      expected: `${held}, as the venues say`,
      actual: `${believed}, as the engines say`,
      evidence,
    }),
  );
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
