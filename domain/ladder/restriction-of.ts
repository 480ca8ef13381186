import type { Strategy } from '../strategy.ts';
import type { Restriction } from './restriction.ts';

/** What holds a strategy back now; nothing in every other mode, whatever a kill that could not be sealed has left behind. */
export const restrictionOf = ({
  mode,
  restriction,
}: Pick<Strategy, 'mode' | 'restriction'>): Restriction | undefined =>
  restriction && (mode === 'THROTTLED' || mode === 'REDUCE_ONLY') ? restriction : undefined;

/** The strategy without it: for every event that leads out of THROTTLED and REDUCE_ONLY. */
export function unrestricted({ restriction: _over, ...state }: Strategy): Strategy {
  return state;
}
