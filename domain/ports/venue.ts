import type { OpenOrder, Position } from '../engine/engine-replies.ts';

export type Venue = { id: string; url: string };

/** A venue, asked with the control plane's own read-and-cancel credentials. Throws a `VenueUnreachable` refusal when it does not answer in time. */
export interface Venues {
  openOrders(venue: Venue, strategyId: string): Promise<OpenOrder[]>;
  /** Asks for every resting order to be cancelled; `refused` names those the venue would not take. */
  cancelAll(venue: Venue, strategyId: string): Promise<{ cancelRequested: number; refused: { orderId: string; reason: string }[] }>;
  positions(venue: Venue, strategyId: string): Promise<Position[]>;
}
