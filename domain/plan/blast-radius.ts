import * as z from 'zod';
import { scopesOf } from '../kill/scope-latch.ts';
import type { StrategyLimits } from '../launch/risk-limits.ts';
import type { Registration } from '../registration.ts';

/** What can be hit at worst, from what is configured and approved. Money in `currency`, orders per second. */
export const BlastRadius = z.object({
  instances: z.int(),
  venues: z.object({ live: z.array(z.string()), paper: z.array(z.string()), simulated: z.array(z.string()) }),
  notional: z.object({
    currency: z.string(),
    perInstrument: z.record(z.string(), z.number()),
    /** The sum over all instruments; the kill threshold comes first where it is lower. */
    total: z.number(),
    killedAt: z.number(),
  }),
  ordersPerSec: z.object({ perInstance: z.number(), total: z.number() }),
  /** What one kill may name to halt it, narrowest first. */
  killScopes: z.array(z.string()),
});
export type BlastRadius = z.infer<typeof BlastRadius>;

/** How far a launch reaches. Pure: from the registration, the approved limits, and what one instance may send per second. */
export function blastRadius(registration: Registration, limits: StrategyLimits, maxOrdersPerSec: number): BlastRadius {
  const { id, venues, engines } = registration;
  const of = (wanted: string) => venues.filter(({ kind = 'live' }) => kind === wanted).map((venue) => venue.id);
  const perInstrument = Object.fromEntries(
    Object.entries(limits.instruments).map(([instrument, { maxNotional }]) => [instrument, maxNotional]),
  );
  return {
    instances: engines.length,
    venues: { live: of('live'), paper: of('paper'), simulated: of('simulated') },
    notional: {
      currency: limits.currency,
      perInstrument,
      total: Object.values(perInstrument).reduce((sum, each) => sum + each, 0),
      killedAt: limits.killThresholds.notional,
    },
    ordersPerSec: { perInstance: maxOrdersPerSec, total: maxOrdersPerSec * engines.length },
    killScopes: [`strategy:${id}`, ...scopesOf(registration).toReversed()],
  };
}
