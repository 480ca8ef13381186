import * as z from 'zod';
import { VenueKind } from '../engine/venue-kind.ts';
import { RunId, StrategyId } from '../ids.ts';

/** What is rehearsed: our own cancel at the venue, the engine's cancel when its lease is lost, and the block of a halt. */
export const ProbedPath = z.enum(['cancel', 'lease-loss', 'block']);
export type ProbedPath = z.infer<typeof ProbedPath>;

/** How it was tried: with an order that could not fill; with none, by policy; or with none because there is no market now. */
export const ProbeWay = z.enum(['order', 'empty', 'no-market']);
export type ProbeWay = z.infer<typeof ProbeWay>;

/** One path of one instance at one venue: whether it was proved, and what happened, in words. */
export const Trial = z.object({
  path: ProbedPath,
  instanceId: z.string().min(1),
  venue: z.string().min(1),
  way: ProbeWay,
  proved: z.boolean(),
  said: z.string(),
  at: z.iso.datetime(),
  tookMs: z.int().min(0),
});
export type Trial = z.infer<typeof Trial>;

/** A venue as it was before anything was tried there: what it is registered as, and what it says itself. */
export const ProbedVenue = z.object({
  venue: z.string().min(1),
  way: ProbeWay,
  registered: VenueKind,
  /** Null when it did not answer. */
  says: VenueKind.nullable(),
  /** False where the configuration calls it a simulation and the venue does not: then nothing is put out there. */
  agreed: z.boolean(),
});
export type ProbedVenue = z.infer<typeof ProbedVenue>;

/** `kill-path.json`: every trial with its time, and what rested at each venue afterwards (null: it did not say). */
export const KillPathReport = z.object({
  v: z.literal(1),
  run: RunId,
  strategy: StrategyId,
  epoch: z.int().min(0),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  instances: z.array(z.object({ instanceId: z.string().min(1), capable: z.boolean(), said: z.string() })),
  venues: z.array(ProbedVenue),
  trials: z.array(Trial),
  left: z.array(z.object({ venue: z.string().min(1), resting: z.int().min(0).nullable(), said: z.string() })),
});
export type KillPathReport = z.infer<typeof KillPathReport>;
