import type { Decision } from '../decision.ts';
import { ActorId, ApprovalId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { type Approval, type ApprovalKind, missingRoles, type Role, SignedDocument } from './approval.ts';

export type Question = {
  kind: ApprovalKind;
  document: SignedDocument;
  requiredRoles: Role[];
  mayDecline?: Role[];
  excluded?: ActorId[];
  onlyBy?: Partial<Record<Role, ActorId>>;
  taskToken?: string;
};

/** What asking decides: the question is always among its records. */
type Asked = Decision<StepResult> & Required<Pick<Decision, 'records'>>;

export const approvalId = ({ runId }: Pick<RunStep, 'runId'>, kind: ApprovalKind): ApprovalId =>
  ApprovalId.parse(`${runId}-${kind}`);

/**
 * Puts a question to people: they see the document and its digest, the machine waits on the token. What they sign is the document
 * and nothing beside it, so action, strategy, epoch, nonce and expiry have to stand in it; throws where one is missing.
 */
export function openApproval(state: Strategy, run: RunStep, question: Question, now: Date): Asked {
  const document = SignedDocument.parse(question.document);
  const approval: Approval = {
    mayDecline: [],
    excluded: [],
    ...question,
    id: approvalId(run, question.kind),
    strategyId: run.strategyId,
    runId: run.runId,
    epoch: run.epoch,
    document,
    digest: digestOf(document),
    expiresAt: document.expiresAt,
    signatures: [],
    status: 'open',
    openedAt: now.toISOString(),
  };
  return asked(state, approval);
}

/** Asks on, for a machine that has begun to wait anew: the same document, with the signatures that it has already. */
export const askOn = (state: Strategy, approval: Approval, taskToken: string): Asked =>
  asked(state, { ...approval, taskToken });

function asked(state: Strategy, approval: Approval): Asked {
  const { id, kind, digest, document, requiredRoles, runId } = approval;
  const missing = missingRoles(approval);
  return {
    state,
    entries: [
      {
        type: 'approval.requested',
        actor: ActorId.parse('service:machine'),
        run: runId,
        payload: { approval: id, kind, digest, document, requiredRoles, missing },
      },
    ],
    records: [{ kind: 'APPROVAL', record: approval }],
    reply: { summary: `asked ${missing.join(' and ')} to sign ${digest}`, verdict: 'done' },
  };
}
