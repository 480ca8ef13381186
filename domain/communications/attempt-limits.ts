import type { Severity } from './matrix.ts';

export type AttemptLimits = { readonly tries: number; readonly withinMs: number };

/**
 * How often a delivery is tried, and for how long from its first try on, before the next channel takes over. What is critical goes
 * over within a minute: somebody has to know of a kill, by whichever channel. The rest has time to sit out a provider's rate limit.
 */
export const ATTEMPT_LIMITS: Readonly<Record<Severity, AttemptLimits>> = {
  critical: { tries: 5, withinMs: 60_000 },
  warning: { tries: 8, withinMs: 10 * 60_000 },
  info: { tries: 8, withinMs: 30 * 60_000 },
};

/** How long one courier has a delivery to itself: one try, its deadline and the write of its outcome, and room. */
export const CLAIM_MS = 10_000;

/** How long a provider may take to answer. */
export const SEND_DEADLINE_MS = 3_000;
