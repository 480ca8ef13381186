import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, ApprovalId, RunId, StrategyId } from '../ids.ts';
import { REFUSAL_CODES } from '../refusal.ts';

/** A soft no-go as a launch has met it: what an override lets pass, and nothing that is worse. */
export const Overridden = z.object({
  check: z.string().min(1),
  code: z.enum(REFUSAL_CODES),
  expected: z.string(),
  actual: z.string(),
});
export type Overridden = z.infer<typeof Overridden>;

/**
 * A request to let exactly these soft no-goes of one strategy pass (product decision 13; RTS 6 Art. 15(6)): in force once the risk officer
 * has verified it and another designated person has authorised it, until it expires, or the strategy's epoch is raised.
 */
export const Override = z.object({
  id: RunId,
  strategyId: StrategyId,
  environment: z.string(),
  /** The launch that met them. */
  runId: RunId,
  findings: z.array(Overridden).min(1),
  reason: z.string(),
  /** In which role it is authorised, beside the risk officer. */
  authoriser: Role,
  requestedBy: ActorId,
  epoch: z.int().min(0),
  at: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** The question that both sign. */
  approval: ApprovalId,
});
export type Override = z.infer<typeof Override>;

/** One that is in force, with those who have signed it. */
export type StandingOverride = Override & { readonly signers: readonly ActorId[] };
