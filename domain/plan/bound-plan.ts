import type { Approval } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import type { StrategyId } from '../ids.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import type { PlanDifference } from './plan-differences.ts';
import { changedSince, type PlanNow } from './plan-now.ts';

type BoundPorts = {
  readonly records: Pick<ControlRecords, 'get'>;
  /** The plan as it would be now: read here, or asked of the function that drafts plans. */
  readonly planNow: (strategyId: StrategyId) => Promise<PlanNow>;
};

/**
 * What has changed of the plan that a question binds: of a launch's confirmation its own, of a flip the one that was confirmed. Nothing for
 * questions that bind no plan, and for those that are over for another reason.
 */
export async function changedOf(
  approval: Approval,
  { records, planNow }: BoundPorts,
): Promise<readonly PlanDifference[]> {
  if (approval.changed) return approval.changed;
  if (approval.status !== 'open' && approval.status !== 'complete') return [];
  const confirmation = await confirmationOf(approval, records);
  if (!confirmation) return [];
  return changedSince(confirmation.document['plan'], await planNow(approval.strategyId));
}

async function confirmationOf(
  approval: Approval,
  records: BoundPorts['records'],
): Promise<Pick<Approval, 'document'> | undefined> {
  if (approval.kind === 'launch-confirmation') return approval;
  if (approval.kind !== 'flag-flip') return undefined;
  return records.get('APPROVAL', approvalId(approval, 'launch-confirmation'));
}
