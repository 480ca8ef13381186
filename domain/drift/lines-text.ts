import type { DriftLine } from './drift-review.ts';

const MOST_TOLD = 10;
const MOST_ENTERED = 20;

/** A drift as people read it, in percent. */
export const percentOf = (drift: number): string => `${(Math.min(drift, 1e6) * 100).toFixed(2)} %`;

/** The worst position, in a few words. */
export const worstOf = (lines: readonly DriftLine[]): string =>
  lines
    .slice(0, 1)
    .map(({ instrument, drift }) => `${instrument} is ${percentOf(drift)}`)
    .join('');

/** The worst positions, one a line: for messages. */
export function linesText(lines: readonly DriftLine[]): string {
  const shown = lines
    .slice(0, MOST_TOLD)
    .map(({ instrument, live, target, drift }) => `${instrument}: ${live} held, ${target} meant (${percentOf(drift)})`);
  const more = lines.length - MOST_TOLD;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** The worst positions that differ at all: for the ledger. */
export const enteredLines = (lines: readonly DriftLine[]): DriftLine[] =>
  lines.filter(({ drift }) => drift > 0).slice(0, MOST_ENTERED);
