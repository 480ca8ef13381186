/** The wall clock, for times that people read. */
export const now = (): Date => new Date();

/** Monotonic milliseconds, for deadlines. */
export const elapsedMs = (): number => performance.now();

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const FIRST_MS = 10;
const LONGEST_MS = 400;

/** A random pause that grows with the attempt (full jitter). */
export const jitter = (attempt: number): Promise<void> =>
  pause(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt));
