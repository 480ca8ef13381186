import * as z from 'zod';
import type { Position } from '../engine/position.ts';

/** What is held of one instrument: `quantity` signed, `mark` in its quote currency, `notional` its size in money, never negative. */
const Held = z.object({ instrument: z.string(), quantity: z.number(), mark: z.number(), notional: z.number() });
export type Held = z.infer<typeof Held>;

/** Positions as one venue, or one engine instance, told them; or, in `unknown`, why it told nothing. */
const Told = z.object({
  source: z.string(),
  /** When an engine said so; a venue is asked at the moment of the entry. */
  reportedAt: z.iso.datetime().optional(),
  positions: z.array(Held).optional(),
  unknown: z.string().optional(),
});
export type Told = z.infer<typeof Told>;

/** What a strategy holds: by the venues' own word, and by the engines' last reports. Notional in `currency`, that of the approved limits; null when they say none. */
export const Exposure = z.object({ currency: z.string().nullable(), venues: z.array(Told), engines: z.array(Told) });
export type Exposure = z.infer<typeof Exposure>;

/** Positions with their notional, by instrument; what is flat is left out. */
export const heldOf = (positions: readonly Position[]): Held[] =>
  positions
    .filter(({ quantity }) => quantity !== 0)
    .map(({ instrument, quantity, markPrice }) => ({
      instrument,
      quantity,
      mark: markPrice,
      notional: Math.round(Math.abs(quantity) * markPrice * 100) / 100,
    }))
    .toSorted((left, right) => (left.instrument < right.instrument ? -1 : 1));
