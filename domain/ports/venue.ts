import type { OpenOrder } from '../engine/open-order.ts';
import type { Position } from '../engine/position.ts';
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
  positions(venue: Venue, strategyId: string): Promise<Position[]>;
  /** What the venue says it is; live when it does not say so. */
  kind(venue: Venue): Promise<VenueKind>;
}
