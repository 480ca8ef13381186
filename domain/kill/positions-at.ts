import type { Position } from '../engine/position.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';

type Positions = { positions: Position[]; unreachable?: never } | { positions?: never; unreachable: string };

/** What a venue says is held, or why it said nothing: a kill names such a venue, and goes on. */
export async function positionsAt(
  venue: Venue,
  strategyId: StrategyId,
  { venues }: Pick<Ports, 'venues'>,
): Promise<Positions> {
  try {
    return { positions: await venues.positions(venue, strategyId) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { unreachable: error.message };
  }
}
