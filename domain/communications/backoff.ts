const BASE_MS = 1_000;
const CAP_MS = 60_000; // what the sweep comes by in: to wait longer would be to wait for nothing
const LONGEST_ASKED_MS = 5 * 60_000;

/**
 * Milliseconds to wait after so many tries (from 1): a random part of a ceiling that doubles from 1 s to 60 s (full jitter, so
 * that what failed together is not tried together), and never less than the provider wants to be left alone, up to 5 minutes.
 * `random` is in [0, 1).
 */
export const backoffMs = (tries: number, random: number, afterMs = 0): number =>
  Math.max(Math.round(random * ceilingMs(tries)), Math.min(afterMs, LONGEST_ASKED_MS));

/** The longest that is waited after so many tries when the provider says nothing. */
export const ceilingMs = (tries: number): number => Math.min(CAP_MS, BASE_MS * 2 ** (tries - 1));
