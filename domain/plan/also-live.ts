import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import { isLive, Mode } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';

/** A strategy that trades where a launch would trade, and what the two share: desk and venues. */
export const AlsoLive = z.object({
  strategy: StrategyId,
  mode: Mode,
  desk: z.string().optional(),
  venues: z.array(z.string()),
});
export type AlsoLive = z.infer<typeof AlsoLive>;

/**
 * What else is live on the desk and the venues of a strategy. It is shown with a plan and is no part of it: it changes with every launch and
 * stop of a neighbour, and those make nobody's approval void.
 */
export async function alsoLive(
  { id, desk, venues }: Registration,
  { strategies, records }: Pick<Ports, 'strategies' | 'records'>,
): Promise<AlsoLive[]> {
  const others = (await strategies.list()).filter((each) => each.id !== id && isLive(each.mode));
  const found = await Promise.all(
    others.map(async ({ id: strategy, mode }): Promise<AlsoLive | undefined> => {
      const other = await records.get('REGISTRATION', strategy);
      const shared = venues
        .filter((venue) => other?.venues.some((each) => each.id === venue.id))
        .map((venue) => venue.id);
      const sameDesk = other?.desk === desk;
      return sameDesk || shared.length > 0 ? { strategy, mode, ...(sameDesk && { desk }), venues: shared } : undefined;
    }),
  );
  return found
    .filter((each) => each !== undefined)
    .toSorted((left, right) => (left.strategy < right.strategy ? -1 : 1));
}
