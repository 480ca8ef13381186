import type { ControlRecord } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { Digest } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Signed } from '../signature/sign-document.ts';
import type { Strategy } from '../strategy.ts';
import { type Approval, missingRoles, type Role, type Signature } from './approval.ts';
import { refuseAuthor } from './authors-of.ts';
import { beginAgain } from './begin-again.ts';
import { type Caller, requireFreshSecondFactor, requireRole } from './caller.ts';
import { planChanged } from './plan-changed.ts';

export type SignApproval = {
  caller: Caller;
  decision: 'approve' | 'decline';
  digest: Digest;
  reason?: string | undefined;
};

/** What is written of an answer: of an approval, the signature over the document and the authenticator whose counter it raised. */
export type Answer = SignApproval & {
  readonly signed?: Signed | undefined;
  /** What is written with it, such as the session that it used up. */
  readonly alongside?: readonly ControlRecord[];
};

/**
 * One person signs, or declines, exactly the document they were shown (runbook 2.3, 2.5, 5.1.2). Refuses what `refuseAnswer` does,
 * and an approval that is not signed. A decline is the safer answer: it needs no signature and no fresh login, and one is enough.
 */
export function signApproval(
  state: Strategy,
  approval: Approval,
  command: Answer,
  now: Date,
): Decision<Approval> | Refusal {
  const role = slotToAnswer(state, approval, command, now);
  if (role instanceof Refusal) return role;
  const { caller, decision, signed, reason, alongside = [] } = command;
  if (decision === 'approve' && !signed)
    return new Refusal('SignatureMissing', 'an approval has to be signed', 'sign the document');
  const signatures = [...approval.signatures, signatureOf(command, role, now)];
  const next: Approval = { ...approval, signatures, status: statusAfter({ ...approval, signatures }, command) };
  const { id, kind, digest, runId, document } = approval;
  return {
    state,
    entries: [
      {
        type: decision === 'approve' ? 'approval.signed' : 'approval.declined',
        actor: caller.subject,
        run: runId,
        payload: {
          ...{ approval: id, kind, digest, nonce: nonceOf(document), role, status: next.status },
          ...(reason && { reason }),
        },
        ...(signed && { proofs: [signed.proof] }),
      },
    ],
    records: [
      { kind: 'APPROVAL', record: next },
      ...(signed ? [{ kind: 'CREDENTIAL' as const, record: signed.passkey }] : []),
      ...alongside,
    ],
    reply: next,
  };
}

/** The nonce that stands in the document that is signed. */
export const nonceOf = ({ nonce }: Approval['document']): string => String(nonce);

/**
 * The role in which this person may answer now, before anything is said about their signature. Refuses a closed, expired or
 * outdated question, another document, a wrong role, whoever made the plan what it is, the same person twice, and a stale second factor.
 */
export function slotToAnswer(state: Strategy, approval: Approval, command: SignApproval, now: Date): Role | Refusal {
  return (
    refuseClosed(state, approval, now) ??
    refuseOtherDocument(approval, command) ??
    refuseSigner(approval, command, now) ??
    slotFor(approval, command)
  );
}

function refuseClosed(state: Strategy, approval: Approval, now: Date): Refusal | undefined {
  if (approval.changed) return planChanged(approval);
  if (approval.status !== 'open') {
    return new Refusal(
      'ApprovalClosed',
      `this question is already ${approval.status}`,
      'look at the run for what is asked now',
      { status: approval.status },
    );
  }
  if (now.toISOString() >= approval.expiresAt) {
    return new Refusal('ApprovalExpired', `this question expired at ${approval.expiresAt}`, beginAgain(approval.kind), {
      expiresAt: approval.expiresAt,
    });
  }
  if (approval.kind === 'kill-confirmation' || approval.kind === 'post-mortem') return refuseOtherKill(state, approval);
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
  return (
    refuseInitiator(approval, caller) ??
    requireRole(caller, approval.requiredRoles, 'signing this') ??
    refuseAuthor(approval, caller) ??
    refuseTwice(approval, caller) ??
    requireFreshSecondFactor(caller, now)
  );
}

/** Decision 1: whoever killed does not confirm that kill. (Their own signature, where it is asked for, stands in a role that is theirs alone.) */
function refuseInitiator(approval: Approval, { subject }: Caller): Refusal | undefined {
  const { kind, excluded, onlyBy = {}, signatures } = approval;
  const hasSigned = Object.values(onlyBy).includes(subject) && signatures.some(({ actor }) => actor === subject);
  if (kind !== 'kill-confirmation' || !(hasSigned || excluded.includes(subject))) return undefined;
  return new Refusal(
    'ConfirmerIsInitiator',
    'you have killed this yourself: somebody else confirms it',
    'ask another person in another role to confirm the kill',
  );
}

/** What somebody had to do with it who may not sign. */
const PARTS: Partial<Record<Approval['kind'], string>> = {
  recovery: 'you have killed this, or repeated the kill, or your device did: two others recover it',
  override: 'you have signed the launch that met this no-go: others override it',
};

function refuseTwice(approval: Approval, { subject }: Caller): Refusal | undefined {
  const { kind, excluded, signatures } = approval;
  const part = PARTS[kind];
  if (part !== undefined && excluded.includes(subject))
    return new Refusal('SamePerson', part, 'ask another person in your role to sign', {
      missing: missingRoles(approval),
    });
  if (!excluded.includes(subject) && !signatures.some(({ actor }) => actor === subject)) return undefined;
  return new Refusal(
    'SamePerson',
    'two different people have to decide this, and you are already one of them',
    'ask another person to sign',
    { missing: missingRoles(approval) },
  );
}

/** The role the person answers in: one that is still missing, and not somebody else's alone. */
function slotFor(approval: Approval, { caller, decision }: SignApproval): Role | Refusal {
  const open = decision === 'approve' ? missingRoles(approval) : [...approval.requiredRoles, ...approval.mayDecline];
  const role = open.find((each) => caller.roles.includes(each) && mayTake(approval, each, caller));
  return role ?? taken(approval, open, caller);
}

/** A slot that belongs to one person is theirs, and that person has no other. */
function mayTake({ onlyBy = {} }: Approval, role: Role, { subject }: Caller): boolean {
  const owner = onlyBy[role];
  return owner === undefined ? !Object.values(onlyBy).includes(subject) : owner === subject;
}

function taken({ kind, onlyBy = {} }: Approval, open: readonly Role[], { roles }: Caller): Refusal {
  const missing = open.join(', ');
  const facts = { missing: open, onlyBy };
  const owned = open.find((role) => roles.includes(role) && onlyBy[role]);
  if (owned)
    return new Refusal(
      'WrongRole',
      `the ${owned} who killed signs this themselves; the confirmer holds another role`,
      'leave it to them',
      facts,
    );
  const code = kind === 'kill-confirmation' ? 'AlreadyConfirmed' : 'AlreadyDecided';
  const message = `somebody with your role has signed already; missing is ${missing}`;
  return new Refusal(code, message, 'ask somebody with the missing role', facts);
}

function signatureOf({ caller, decision, reason, signed }: Answer, role: Role, now: Date): Signature {
  return {
    actor: caller.subject,
    role,
    decision,
    ...(reason !== undefined && { reason }),
    at: now.toISOString(),
    acr: caller.acr ?? 'none',
    authTime: new Date(caller.authTime ?? 0).toISOString(),
    ...(signed && { proof: signed.proof }),
  };
}

function statusAfter(approval: Approval, { decision }: SignApproval): Approval['status'] {
  if (decision === 'decline') return 'declined';
  return missingRoles(approval).length === 0 ? 'complete' : 'open';
}
