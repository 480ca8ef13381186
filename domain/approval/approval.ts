import * as z from 'zod';
import { ActorId, ApprovalId, Digest, RunId, StrategyId } from '../ids.ts';

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
});
export type Signature = z.infer<typeof Signature>;

export const ApprovalKind = z.enum([
  'launch-confirmation',
  'flag-flip',
  'kill-confirmation',
  'post-mortem',
  'recovery',
]);
export type ApprovalKind = z.infer<typeof ApprovalKind>;

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
  signatures: z.array(Signature),
  status: z.enum(['open', 'complete', 'declined', 'expired', 'void']),
  openedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  taskToken: z.string().max(2048).optional(),
});
export type Approval = z.infer<typeof Approval>;

/** The roles whose approval is still missing. */
export const missingRoles = ({ requiredRoles, signatures }: Approval): Role[] =>
  requiredRoles.filter(
    (role) => !signatures.some((signature) => signature.role === role && signature.decision === 'approve'),
  );
