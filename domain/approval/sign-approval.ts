import type { Decision } from '../decision.ts';
import type { Digest } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { type Approval, missingRoles, type Role, type Signature } from './approval.ts';
import { type Caller, requireFreshSecondFactor, requireRole } from './caller.ts';

export type SignApproval = {
  caller: Caller;
  decision: 'approve' | 'decline';
  digest: Digest;
  reason?: string | undefined;
};

/**
 * One person signs, or declines, exactly the document they were shown (runbook 2.3, 2.5, 5.1.2). Refuses a closed, expired
 * or outdated question, another document, a wrong role, the same person twice, and a stale second factor. A decline is the
 * safer answer: it needs no fresh login, and one is enough.
 */
export function signApproval(
  state: Strategy,
  approval: Approval,
  command: SignApproval,
  now: Date,
): Decision<Approval> | Refusal {
  const refusal =
    refuseClosed(state, approval, now) ??
    refuseOtherDocument(approval, command) ??
    refuseSigner(approval, command, now);
  if (refusal) return refusal;
  const role = slotFor(approval, command);
  if (role instanceof Refusal) return role;
  const signature = signed(command, role, now);
  const signatures = [...approval.signatures, signature];
  const next: Approval = { ...approval, signatures, status: statusAfter({ ...approval, signatures }, command) };
  return {
    state,
    entries: [
      {
        type: command.decision === 'approve' ? 'approval.signed' : 'approval.declined',
        actor: command.caller.subject,
        run: approval.runId,
        payload: {
          approval: approval.id,
          kind: approval.kind,
          digest: approval.digest,
          role,
          status: next.status,
          ...(command.reason && { reason: command.reason }),
        },
        proofs: [
          {
            method: 'oidc-totp',
            subject: command.caller.subject,
            acr: signature.acr,
            authTime: signature.authTime,
            digest: approval.digest,
          },
        ],
      },
    ],
    records: [{ kind: 'APPROVAL', record: next }],
    reply: next,
  };
}

function refuseClosed(state: Strategy, approval: Approval, now: Date): Refusal | undefined {
  if (approval.status !== 'open') {
    return new Refusal(
      'ApprovalClosed',
      `this question is already ${approval.status}`,
      'look at the run for what is asked now',
      { status: approval.status },
    );
  }
  if (now.toISOString() >= approval.expiresAt) {
    return new Refusal(
      'ApprovalExpired',
      `this question expired at ${approval.expiresAt}`,
      'start the launch again for a new one',
      { expiresAt: approval.expiresAt },
    );
  }
  if (approval.kind === 'kill-confirmation') return refuseOtherKill(state, approval);
  if (approval.epoch !== state.epoch) {
    return new Refusal(
      'StaleEpoch',
      `${state.id} has moved on since this was asked: a kill, a stop or a lost lease came between`,
      'look at its status',
      {
        asked: approval.epoch,
        now: state.epoch,
      },
    );
  }
  return undefined;
}

/** Killing again raises the epoch and voids nothing: what is confirmed is that latch, as long as it is there. */
function refuseOtherKill({ id, latch }: Strategy, { runId }: Approval): Refusal | undefined {
  if (latch?.runId === runId) return undefined;
  return new Refusal('ApprovalClosed', `${id} is not killed by ${runId} any more`, 'nothing is left to confirm');
}

function refuseOtherDocument(approval: Approval, { digest }: SignApproval): Refusal | undefined {
  if (digest === approval.digest) return undefined;
  return new Refusal(
    'DigestMismatch',
    'the digest you sign is not the one of the document that is asked about',
    'read the document again and sign its digest',
    {
      expected: approval.digest,
      actual: digest,
    },
  );
}

function refuseSigner(approval: Approval, { caller, decision }: SignApproval, now: Date): Refusal | undefined {
  if (decision === 'decline')
    return requireRole(caller, [...approval.requiredRoles, ...approval.mayDecline], 'declining this');
  const wrong = requireRole(caller, approval.requiredRoles, 'signing this');
  if (wrong) return wrong;
  if (approval.excluded.includes(caller.subject) || approval.signatures.some(({ actor }) => actor === caller.subject)) {
    return new Refusal(
      'SamePerson',
      'two different people have to decide this, and you are already one of them',
      'ask another person to sign',
      {
        missing: missingRoles(approval),
      },
    );
  }
  return requireFreshSecondFactor(caller, now);
}

/** The role the person signs in: one that is still missing. */
function slotFor(approval: Approval, { caller, decision }: SignApproval): Role | Refusal {
  const open = decision === 'approve' ? missingRoles(approval) : [...approval.requiredRoles, ...approval.mayDecline];
  const role = open.find((each) => caller.roles.includes(each));
  return (
    role ??
    new Refusal(
      'AlreadyDecided',
      `somebody with your role has signed already; missing is ${open.join(', ')}`,
      'ask somebody with the missing role',
      { missing: open },
    )
  );
}

function signed({ caller, decision, reason }: SignApproval, role: Role, now: Date): Signature {
  return {
    actor: caller.subject,
    role,
    decision,
    ...(reason !== undefined && { reason }),
    at: now.toISOString(),
    acr: caller.acr ?? 'none',
    authTime: new Date(caller.authTime ?? 0).toISOString(),
  };
}

function statusAfter(approval: Approval, { decision }: SignApproval): Approval['status'] {
  if (decision === 'decline') return 'declined';
  return missingRoles(approval).length === 0 ? 'complete' : 'open';
}
