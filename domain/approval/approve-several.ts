import type { Changed } from '../change.ts';
import type { ApprovalId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Assertion } from '../signature/assertion.ts';
import type { SigningBatch } from '../signature/signing-batch.ts';
import type { Approval } from './approval.ts';
import type { Caller } from './caller.ts';
import { type DecidingPorts, decideApproval } from './decide-approval.ts';

/** Several launches that one person approves with one signature. */
export type ApproveSeveral = {
  readonly caller: Caller;
  readonly batch: SigningBatch;
  readonly assertion: Assertion;
  readonly reason?: string | undefined;
};

/** What became of one of them. */
export type Answered = { readonly approval: ApprovalId; readonly outcome: Changed<Approval> | Refusal };

/**
 * One signature for several launches (runbook 2.3). Each question belongs to the log of its strategy, so each is a write of its own, one
 * after the other: what is refused refuses only itself, and a repeat with the same key completes what a fault has left.
 */
export async function approveSeveral(
  { caller, batch, assertion, reason }: ApproveSeveral,
  commandKey: string,
  ports: DecidingPorts,
): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const { approval, digest } of batch.items) {
    const command = { caller, decision: 'approve' as const, digest, reason, assertion, batch };
    const outcome = await decideApproval(approval, command, `${commandKey}/${approval}`, ports).catch(refusalOnly);
    answered.push({ approval, outcome });
  }
  return answered;
}

function refusalOnly(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
