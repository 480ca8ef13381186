import { type Approval, missingRoles } from '../../domain/approval/approval.ts';

/** An approval as people see it: without the task token, and expired once its time is over. */
export function approvalView({ taskToken: _neverShown, ...approval }: Approval, now?: Date) {
  const expired = approval.status === 'open' && now !== undefined && now.toISOString() >= approval.expiresAt;
  return {
    ...approval,
    ...(expired && { status: 'expired' as const }),
    missingRoles: missingRoles({ ...approval, taskToken: '' }),
  };
}
