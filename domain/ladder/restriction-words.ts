import type { Restriction } from './restriction.ts';

/** Orders per second as people read them: no more than two decimals, and none where there are none. */
export const rateWords = (ordersPerSec: number): string => `${Number(ordersPerSec.toFixed(2))} orders/s`;

/** What a strategy may still do. */
export const restrictionWords = ({ mode, maxOrdersPerSec }: Pick<Restriction, 'mode' | 'maxOrdersPerSec'>): string =>
  mode === 'THROTTLED'
    ? `throttled to ${rateWords(maxOrdersPerSec)}`
    : `reduced: only orders that close a position, up to ${rateWords(maxOrdersPerSec)}`;
