import { digestOf } from '../ledger/digest.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { type Approval, missingRoles } from './approval.ts';

/**
 * Checks once more, right before the act, that an approval still carries it: complete, unexpired, at the present epoch, its
 * document unchanged, and signed by as many people as roles (architecture section 5). Never trusts that a waiting state was resumed. Returns the approval itself, or why it does not carry.
 */
export function verifyApproval(approval: Approval | undefined, state: Strategy, now: Date): Approval | Refusal {
  if (!approval) return new Refusal('UnknownApproval', 'there is no approval for this run', 'start the launch again');
  const people = new Set(
    approval.signatures.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor),
  );
  if (
    approval.status !== 'complete' ||
    missingRoles(approval).length > 0 ||
    people.size < approval.requiredRoles.length
  ) {
    return new Refusal('ApprovalClosed', `the approval ${approval.id} is not complete`, 'start the launch again', {
      missing: missingRoles(approval),
    });
  }
  if (now.toISOString() >= approval.expiresAt) {
    return new Refusal('ApprovalExpired', `the approval expired at ${approval.expiresAt}`, 'start the launch again', {
      expiresAt: approval.expiresAt,
    });
  }
  if (approval.epoch !== state.epoch) {
    return new Refusal('StaleEpoch', 'the approval was given at an older epoch', 'start the launch again', {
      approved: approval.epoch,
      now: state.epoch,
    });
  }
  if (digestOf(approval.document) !== approval.digest) {
    return new Refusal(
      'DigestMismatch',
      'the approved document is not the one that was signed',
      'treat this as tampering and call the auditor',
      { approval: approval.id },
    );
  }
  return approval;
}
