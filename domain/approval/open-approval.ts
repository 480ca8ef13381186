import type { Decision } from '../decision.ts';
import { ActorId, ApprovalId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import type { Approval, ApprovalKind, Role } from './approval.ts';

export type Question = {
  kind: ApprovalKind;
  document: Record<string, unknown>;
  requiredRoles: Role[];
  mayDecline?: Role[];
  excluded?: ActorId[];
  expiresAt: string;
  taskToken?: string;
};

export const approvalId = ({ runId }: Pick<RunStep, 'runId'>, kind: ApprovalKind): ApprovalId =>
  ApprovalId.parse(`${runId}-${kind}`);

/** Puts a question to people: they see the document and its digest, the machine waits on the token. The document names its own expiry. */
export function openApproval(state: Strategy, run: RunStep, question: Question, now: Date): Decision<StepResult> {
  const approval: Approval = {
    mayDecline: [],
    excluded: [],
    ...question,
    id: approvalId(run, question.kind),
    strategyId: run.strategyId,
    runId: run.runId,
    epoch: run.epoch,
    digest: digestOf(question.document),
    signatures: [],
    status: 'open',
    openedAt: now.toISOString(),
  };
  return {
    state,
    entries: [
      {
        type: 'approval.requested',
        actor: ActorId.parse('service:machine'),
        run: run.runId,
        payload: {
          approval: approval.id,
          kind: approval.kind,
          digest: approval.digest,
          document: approval.document,
          requiredRoles: approval.requiredRoles,
        },
      },
    ],
    records: [{ kind: 'APPROVAL', record: approval }],
    reply: { summary: `asked ${approval.requiredRoles.join(' and ')} to sign ${approval.digest}`, verdict: 'done' },
  };
}
