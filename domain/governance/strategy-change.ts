import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, Digest, RunId, StrategyId } from '../ids.ts';

/** The event that tells of a change: its detail-type, and what the runbook calls the topic (2.3). */
export const STRATEGY_CHANGES = 'governance.strategy_changes';

/** What the payload of the envelope is. */
export const STRATEGY_CHANGE_TYPE = 'application/vnd.tradepulse.strategy-change+json';

/** Runbook 2.3: which plan two people have confirmed, for which run, at which epoch; `at` is when the second of them signed. */
export const StrategyChange = z.strictObject({
  strategy: StrategyId,
  run: RunId,
  environment: z.string().min(1).max(80),
  planDigest: Digest,
  /** Of the very document that was signed: it binds the plan to this run, this epoch and a nonce. */
  documentDigest: Digest,
  signers: z.array(z.strictObject({ actor: ActorId, role: Role })).max(8),
  epoch: z.int().min(0),
  at: z.iso.datetime(),
});
export type StrategyChange = z.infer<typeof StrategyChange>;
