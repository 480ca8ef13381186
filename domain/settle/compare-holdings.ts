import type { Position } from '../engine/position.ts';
import { Refusal } from '../refusal.ts';

type Held = Pick<Position, 'instrument' | 'quantity'>;

/** What one side, a venue or an engine instance, says it holds; a refusal where it does not say it. */
export type Holding = { readonly source: string; readonly positions: readonly Held[] | Refusal };

/** One figure by the word of all venues together, and by that of all engine instances together. */
export type Compared = { venues: number; engines: number; difference: number; same: boolean };

/** What counts as the same, in words: they stand in every settlement. */
export const TOLERANCE = {
  quantity: '1e-9 of the larger quantity, or of one unit: the dust of binary fractions',
  cash: '0.01 in the currency of the account',
} as const;

const CENT = 0.01;

/**
 * Runbook 4.4 and product decision 9, one rule for both: what all venues together say of an instrument is what all engine instances
 * together believe. Every instrument that any side names, by name; one that is flat everywhere is left out. A side that says nothing adds
 * nothing, so whoever asks looks at `silentOf` first: silence is never taken for equal.
 */
export function comparePositions(
  venues: readonly Holding[],
  engines: readonly Holding[],
): ({ instrument: string } & Compared)[] {
  const [held, believed] = [totals(venues), totals(engines)];
  return [...new Set([...held.keys(), ...believed.keys()])].toSorted().map((instrument) => {
    const [atVenues, atEngines] = [held.get(instrument) ?? 0, believed.get(instrument) ?? 0];
    return { instrument, ...compared(atVenues, atEngines, isSame(atVenues, atEngines)) };
  });
}

/** Cash of all venues against that of all instances, to the cent. */
export function compareCash(venues: readonly number[], engines: readonly number[]): Compared {
  const [atVenues, atEngines] = [sum(venues), sum(engines)];
  return compared(atVenues, atEngines, Math.abs(atVenues - atEngines) <= CENT + dust(atVenues, atEngines));
}

/** How many orders rest, by the word of both sides. */
export const compareCounts = (venues: number, engines: number): Compared =>
  compared(venues, engines, venues === engines);

/** The sides that did not say what they hold, and why. */
export const silentOf = (holdings: readonly Holding[]): { source: string; why: string }[] =>
  holdings.flatMap(({ source, positions }) =>
    positions instanceof Refusal ? [{ source, why: positions.message }] : [],
  );

const compared = (venues: number, engines: number, same: boolean): Compared => ({
  venues,
  engines,
  difference: same ? 0 : engines - venues,
  same,
});

/** By instrument; what is not held is left out. */
function totals(holdings: readonly Holding[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { positions } of holdings)
    for (const { instrument, quantity } of positions instanceof Refusal ? [] : positions)
      sums.set(instrument, (sums.get(instrument) ?? 0) + quantity);
  return new Map([...sums].filter(([, quantity]) => !isSame(quantity, 0)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Sums of decimal fractions differ in their last binary digits, by where they were added up. */
const isSame = (left: number, right: number): boolean =>
  Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));

/** The same of money: 100.01 less 100 is a little more than a cent. */
const dust = (left: number, right: number): number => 1e-12 * Math.max(1, Math.abs(left), Math.abs(right));
