import * as z from 'zod';
import { ActorId, ApprovalId, Digest, RunId, StrategyId } from '../ids.ts';
import { PlanDifference } from '../plan/plan-differences.ts';
import { WebauthnProof } from '../signature/webauthn-proof.ts';

/** What a person may be: the groups of the identity provider. Nobody holds two that must sign together. */
export const Role = z.enum(['execution-trader', 'risk-officer', 'quant', 'sre', 'auditor']);
export type Role = z.infer<typeof Role>;

export const Signature = z.object({
  actor: ActorId,
  role: Role,
  decision: z.enum(['approve', 'decline']),
  reason: z.string().optional(),
  at: z.iso.datetime(),
  /** Authentication context of the login that signed, and when that login happened. */
  acr: z.string(),
  authTime: z.iso.datetime(),
  /** The signature itself. A decline has none: it is the safer answer. */
  proof: WebauthnProof.optional(),
});
export type Signature = z.infer<typeof Signature>;

export const ApprovalKind = z.enum([
  'launch-confirmation',
  'flag-flip',
  'kill-confirmation',
  'post-mortem',
  'recovery',
  'resume',
  'limits',
  'unfreeze',
  'override',
  'drain-sign-off',
  'attestation',
  'lift',
]);
export type ApprovalKind = z.infer<typeof ApprovalKind>;

/**
 * What every document that is signed says of itself: what is to be done, with which strategy, at which epoch; a nonce that no
 * other document has; and until when. (`environment`, where it applies, stands among the others.)
 */
export const SignedDocument = z.looseObject({
  action: z.string().min(1),
  strategy: StrategyId,
  epoch: z.int().min(0),
  nonce: z.string().min(16),
  expiresAt: z.iso.datetime(),
});
export type SignedDocument = z.infer<typeof SignedDocument>;

/**
 * A question to people about exactly one document, by its digest, at one epoch (product decision 14). `taskToken` is the
 * waiting state of the machine, where one waits: it stays in the backend and is never shown.
 */
export const Approval = z.object({
  id: ApprovalId,
  kind: ApprovalKind,
  strategyId: StrategyId,
  runId: RunId,
  epoch: z.int().min(0),
  document: z.record(z.string(), z.unknown()),
  digest: Digest,
  /** Each needs one approval, by different people. */
  requiredRoles: z.array(Role).min(1),
  /** Roles that may say no beside the required ones. */
  mayDecline: z.array(Role),
  /** People who may not sign, such as the initiator of the kill that is to be confirmed. */
  excluded: z.array(ActorId),
  /** Roles in which only one very person may sign, such as that of the initiator of a kill; they sign in no other. */
  onlyBy: z.partialRecord(Role, ActorId).optional(),
  signatures: z.array(Signature),
  status: z.enum(['open', 'complete', 'declined', 'expired', 'void']),
  openedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  taskToken: z.string().max(2048).optional(),
  /** What has changed of what it binds, once that made it void (product decision 14). */
  changed: z.array(PlanDifference).optional(),
});
export type Approval = z.infer<typeof Approval>;

/** The roles whose approval is still missing. */
export const missingRoles = ({ requiredRoles, signatures }: Approval): Role[] =>
  requiredRoles.filter(
    (role) => !signatures.some((signature) => signature.role === role && signature.decision === 'approve'),
  );
