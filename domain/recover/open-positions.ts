import * as z from 'zod';
import type { StrategyId } from '../ids.ts';
import { positionsAt } from '../kill/positions-at.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';

/** What is held of one instrument at one venue; `quantity` signed. */
export const OpenPosition = z.object({ venue: z.string(), instrument: z.string(), quantity: z.number() });
export type OpenPosition = z.infer<typeof OpenPosition>;

export type VenuePositions = {
  readonly venue: string;
  readonly open: readonly OpenPosition[];
  readonly unreachable?: string;
};

/** What the venues themselves say is held; a venue that does not answer is named. */
export const openPositions = (
  venues: readonly Venue[],
  strategyId: StrategyId,
  ports: Pick<Ports, 'venues'>,
): Promise<VenuePositions[]> =>
  Promise.all(
    venues.map(async (venue) => {
      const { positions = [], unreachable } = await positionsAt(venue, strategyId, ports);
      const open = positions
        .filter(({ quantity }) => quantity !== 0)
        .map(({ instrument, quantity }) => ({ venue: venue.id, instrument, quantity }));
      return { venue: venue.id, open, ...(unreachable !== undefined && { unreachable }) };
    }),
  );

export const positionsText = (positions: readonly OpenPosition[]): string =>
  positions.length === 0
    ? 'none'
    : positions.map(({ quantity, instrument, venue }) => `${quantity} ${instrument} at ${venue}`).join(', ');
