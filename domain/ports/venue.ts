import type { AcceptedOrders, AcceptedQuery } from '../engine/accepted-order.ts';
import type { OpenOrder } from '../engine/open-order.ts';
import type { Position } from '../engine/position.ts';
import type { VenueAccount } from '../engine/venue-account.ts';
import type { VenueCancel } from '../engine/venue-cancel.ts';
import type { VenueKind } from '../engine/venue-kind.ts';

/** A venue as `config/strategies.yaml` registers it. */
export type Venue = { readonly id: string; readonly url: string };

/**
 * The trading venues, asked directly with the control plane's own read-and-cancel credentials: what an engine says of its
 * orders proves nothing. Throws a `VenueUnreachable` Refusal when the venue gives no usable answer in time; an empty list is
 * only ever a venue's own word.
 */
export interface Venues {
  openOrders(venue: Venue, strategyId: string): Promise<OpenOrder[]>;
  /** Asks for the cancellation of everything that rests; look at `openOrders` for what came of it. */
  cancelAll(venue: Venue, strategyId: string): Promise<VenueCancel>;
  /** The same for one order; one that does not rest any more is none that was refused. */
  cancel(venue: Venue, orderId: string): Promise<VenueCancel>;
  positions(venue: Venue, strategyId: string): Promise<Position[]>;
  /** Positions and cash, as the venue keeps them. */
  account(venue: Venue, strategyId: string): Promise<VenueAccount>;
  /** One page of the orders that the venue ever took, whatever became of them: those that it still keeps. */
  acceptedOrders(venue: Venue, strategyId: string, query: AcceptedQuery): Promise<AcceptedOrders>;
  /** What the venue says it is; live when it does not say so. */
  kind(venue: Venue): Promise<VenueKind>;
}
