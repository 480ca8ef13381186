import { type Approval, missingRoles } from '../../domain/approval/approval.ts';
import type { PlanDifference } from '../../domain/plan/plan-differences.ts';

/**
 * An approval as people see it: without the task token, and expired once its time is over. With what has changed of what it binds
 * (`changed`), where somebody has looked: `stands` says whether it still may be signed, or relied on.
 */
export function approvalView(
  { taskToken: _neverShown, ...approval }: Approval,
  now?: Date,
  changed?: readonly PlanDifference[],
) {
  const expired = approval.status === 'open' && now !== undefined && now.toISOString() >= approval.expiresAt;
  return {
    ...approval,
    ...(changed && { changed, stands: stands(approval, changed) && !expired }),
    ...(expired && { status: 'expired' as const }),
    missingRoles: missingRoles({ ...approval, taskToken: '' }),
  };
}

const stands = ({ status }: Pick<Approval, 'status'>, changed: readonly PlanDifference[]): boolean =>
  (status === 'open' || status === 'complete') && changed.length === 0;
