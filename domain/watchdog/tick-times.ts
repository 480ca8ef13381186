/** How often the watchdog looks, in milliseconds. */
export const TICK_MS = 1_000;

/**
 * When the tick after this one is due, in milliseconds since the first one: on the beat of the first, so that ticks do not drift, and
 * in the future, so that what was missed by a long tick is left out and never made up for.
 */
export const nextTick = (sinceFirstMs: number): number => (Math.floor(sinceFirstMs / TICK_MS) + 1) * TICK_MS;
