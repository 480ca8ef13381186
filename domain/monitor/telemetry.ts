import * as z from 'zod';
import { Clamp } from './clamp.ts';
import { LatencyWindow } from './latency-window.ts';

/** What a portfolio wants to hold of an instrument; short is negative. */
export const Target = z.object({ instrument: z.string().min(1).max(40), quantity: z.number() });
export type Target = z.infer<typeof Target>;

/** `live.enabled` as the lease function read it: unreadable counts as off. */
export const FlagSeen = z.enum(['on', 'off', 'unreadable']);
export type FlagSeen = z.infer<typeof FlagSeen>;

/** What monitoring keeps of an instance's renewals beside the newest report (runbook 3): small, since it is written each second. Times are ours, but `sentAt`. */
export const Telemetry = z.object({
  receivedAt: z.iso.datetime(),
  /** The engine's clock, when it asked: ages of its heartbeats are counted from there. */
  sentAt: z.iso.datetime().optional(),
  /** How far the engine's clock is ahead of ours, its request's way included; behind is negative. */
  clockOffsetMs: z.int().optional(),
  flag: FlagSeen,
  roundTrips: LatencyWindow,
  /** Who renewed as this instance within a lease, newest first. */
  processes: z.array(z.object({ id: z.string(), at: z.iso.datetime() })).optional(),
  /** When two processes were last seen to renew in turns as this instance; forgotten after a lease. */
  duplicatedAt: z.iso.datetime().optional(),
  /** What was wrong with its metrics in the last seconds, each code once. */
  clamped: z.array(Clamp),
  /** The portfolio targets, where the engine tells them. */
  targets: z.array(Target).optional(),
});
export type Telemetry = z.infer<typeof Telemetry>;
