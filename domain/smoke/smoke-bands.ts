import * as z from 'zod';

/** What is measured of a replay, in the order in which people read it. */
export const SmokeBand = z.enum([
  'bars',
  'orders',
  'notional',
  'price-distance',
  'rejects',
  'cancel-ratio',
  'latency',
  'age',
]);
export type SmokeBand = z.infer<typeof SmokeBand>;

/**
 * Bands that the orders of the smoke replay must stay in (runbook 2.4). Notional in the strategy's currency, distances in bps,
 * latency in milliseconds. Refuses a band that nothing could be in.
 */
export const SmokeBands = z
  .strictObject({
    minOrders: z.int().min(1),
    maxOrders: z.int().min(1),
    maxNotional: z.number().positive(),
    maxPriceDistanceBps: z.number().positive(),
    maxRejects: z.int().min(0),
    /** Cancels for each order; 1 lets every order be cancelled. */
    maxCancelRatio: z.number().min(0).default(1),
    /** Of the replay's order-entry round trips; the guardrail of runbook 3.2 when left out. */
    maxLatencyP95Ms: z.number().positive().default(120),
    /** How old the newest recorded minute may be. Left out: its age is shown, and not judged. */
    maxAgeHours: z.number().positive().optional(),
    /** Bands whose no two people may override (product decision 13). What could not be measured is never one of them. */
    soft: z.array(SmokeBand).default(['latency']),
  })
  .refine(({ minOrders, maxOrders }) => minOrders <= maxOrders, 'minOrders is more than maxOrders');
export type SmokeBands = z.infer<typeof SmokeBands>;

/** What a band is measured in, for people. */
export const SMOKE_UNITS: Readonly<Record<SmokeBand, string>> = {
  bars: 'recorded minutes',
  orders: 'orders',
  notional: 'for the largest order',
  'price-distance': 'bps from the reference',
  rejects: 'rejects',
  'cancel-ratio': 'cancels for each order',
  latency: 'ms at the 95th percentile',
  age: 'h since the newest minute',
};

/** Both ends belong to the band; an end that is left out is open. */
export type Bounds = { readonly min?: number; readonly max?: number };

/** A clock of the engine or the venue may be this far ahead of ours, in hours. */
const AHEAD_HOURS = 5 / 60;

/** The bounds of every band for a replay of so many minutes. */
export const boundsOf = (bands: SmokeBands, minutes: number): Readonly<Record<SmokeBand, Bounds>> => ({
  bars: { min: minutes, max: minutes },
  orders: { min: bands.minOrders, max: bands.maxOrders },
  notional: { max: bands.maxNotional },
  'price-distance': { max: bands.maxPriceDistanceBps },
  rejects: { max: bands.maxRejects },
  'cancel-ratio': { max: bands.maxCancelRatio },
  latency: { max: bands.maxLatencyP95Ms },
  age: bands.maxAgeHours === undefined ? {} : { min: -AHEAD_HOURS, max: bands.maxAgeHours },
});
