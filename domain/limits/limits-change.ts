import * as z from 'zod';
import { ActorId, ApprovalId, Digest, StrategyId } from '../ids.ts';

const Difference = z.object({
  path: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

/** What is to become of the limits of one strategy: files by their bytes, the strategy's own part by its canonical form. Null where there was none. */
export const LimitsProposal = z.object({
  oldFile: Digest.nullable(),
  newFile: Digest,
  oldLimits: Digest.nullable(),
  newLimits: Digest,
  differences: z.array(Difference),
  reason: z.string(),
  by: ActorId,
  at: z.iso.datetime(),
  /** The question that an execution trader and a risk officer sign. */
  approval: ApprovalId,
});
export type LimitsProposal = z.infer<typeof LimitsProposal>;

/** The changes of the limits of one strategy: how many were applied, the last of them, and the one that waits for signatures. */
export const LimitsChange = z.object({
  id: StrategyId,
  applied: z.int().min(0),
  last: LimitsProposal.extend({ appliedAt: z.iso.datetime() }).optional(),
  proposed: LimitsProposal.optional(),
});
export type LimitsChange = z.infer<typeof LimitsChange>;
