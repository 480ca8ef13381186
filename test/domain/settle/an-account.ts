import { Refusal } from '../../../domain/refusal.ts';
import type { Accounts } from '../../../domain/settle/settle-books.ts';
import { STRATEGY } from '../../fakes/world.ts';

export const AT = '2026-11-24T12:00:00.000Z';
export const OF = { strategy: STRATEGY, at: AT };
export const silent = new Refusal('VenueUnreachable', 'it did not answer', 'call it');

export const position = (instrument: string, quantity: number) => ({
  instrument,
  quantity,
  averagePrice: 100,
  markPrice: 100,
});

/** One venue, two instances, nothing held and no money made: with what is said instead. */
export function accounts(more: { venue?: object; engine?: object; second?: object } = {}): Accounts {
  const pnl = { realised: 0, unrealised: 0, currency: 'USD' };
  const settled = (instanceId: string, own: object = {}) => ({
    instanceId,
    settled: { instanceId, settled: true as const, openOrders: [], positions: [], cash: 0, pnl, ...own },
  });
  return {
    venues: [{ venue: 'XSIM', account: { positions: [], cash: 0, ...more.venue }, resting: [] }],
    engines: [settled('btc-1', more.engine), settled('btc-2', more.second)],
  };
}

/** The same with one side silent. */
export const withSilent = (whole: Accounts, who: 'venue' | 'orders' | 'engine'): Accounts => ({
  venues: whole.venues.map((each) => ({
    ...each,
    ...(who === 'venue' && { account: silent, resting: silent }),
    ...(who === 'orders' && { resting: silent }),
  })),
  engines: whole.engines.map((each, at) => ({ ...each, ...(who === 'engine' && at === 0 && { settled: silent }) })),
});
