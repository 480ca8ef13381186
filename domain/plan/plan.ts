import * as z from 'zod';
import { ActorId, Digest, StrategyId } from '../ids.ts';
import { StrategyLimits } from '../launch/risk-limits.ts';
import { Policy } from '../registration.ts';
import { BlastRadius } from './blast-radius.ts';

/** An override that lets a soft no-go of this launch pass, and who put their names to it. */
export const OverrideInUse = z.object({
  id: z.string(),
  checks: z.array(z.string()),
  reason: z.string(),
  expiresAt: z.iso.datetime(),
  signers: z.array(ActorId),
});
export type OverrideInUse = z.infer<typeof OverrideInUse>;

/**
 * Everything that a launch would do, whole (issue "plan before act"; product decision 14). It holds nothing that passes by itself, no run
 * and no time of day: the same world always gives the same plan, and another plan is another world. Rates per second, money as `limits` says.
 */
export const Plan = z.object({
  strategy: StrategyId,
  environment: z.string(),
  desk: z.string(),
  ticket: z.string(),
  commit: z.string(),
  artifactDigest: Digest,
  limits: StrategyLimits,
  limitsDigest: Digest,
  parameters: z.record(z.string(), z.unknown()),
  parametersDigest: Digest,
  /** The signed manifest, whose names stand under it, and until when it counts. */
  manifest: z.object({ digest: Digest, signers: z.array(ActorId), expiresAt: z.string() }),
  venues: z.array(z.object({ id: z.string(), kind: z.string(), calendar: Digest.optional() })),
  engines: z.array(z.string()),
  /** What each engine instance may send. */
  maxOrdersPerSec: z.number(),
  policy: Policy,
  overrides: z.array(OverrideInUse),
  /** Who hears of it, and when. */
  told: z.array(z.object({ when: z.string(), audience: z.array(z.string()), channels: z.array(z.string()) })),
  /** What nobody else may change while it is under way. */
  locked: z.array(z.string()),
  blastRadius: BlastRadius,
});
export type Plan = z.infer<typeof Plan>;
