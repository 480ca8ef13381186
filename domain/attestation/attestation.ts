import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, ApprovalId, Digest, RunId, StrategyId } from '../ids.ts';

/** A statement that was put to somebody's signature. Whether it was signed, and by whom, the ledger says: nothing here counts as that. */
export const Statement = z.object({
  /** The question's own name: `attest-<strategy or runbook>-<yyyymmdd>-<short id>`. */
  id: RunId,
  /** In whose log it stands. One about the runbook stands in that of the first strategy. */
  strategyId: StrategyId,
  item: z.string(),
  /** The trading run that it is about; none where it is about the runbook. */
  run: RunId.optional(),
  role: Role,
  statement: z.string(),
  askedBy: ActorId,
  at: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  approval: ApprovalId,
  /** What whoever signs had before them: the checklist of the run, or the runbook with its trace. */
  checklist: Digest.optional(),
  runbook: Digest.optional(),
  trace: Digest.optional(),
});
export type Statement = z.infer<typeof Statement>;

export const MOST_STATEMENTS = 20;

/** The statements about one item of one run (`<run>/<item>`), or about the runbook (`runbook`), newest first: older ones stand in the ledger. */
export const Attestation = z.object({
  id: z.string().min(1).max(120),
  statements: z.array(Statement).min(1).max(MOST_STATEMENTS),
});
export type Attestation = z.infer<typeof Attestation>;

/** What statements about the runbook itself are filed under. */
export const RUNBOOK = 'runbook';
