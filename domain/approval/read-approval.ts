import type { ApprovalId } from '../ids.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { Approval } from './approval.ts';

/** The question of this id. Throws UnknownApproval. */
export async function readApproval(
  id: ApprovalId,
  { records }: { readonly records: Pick<ControlRecords, 'get'> },
): Promise<Approval> {
  const approval = await records.get('APPROVAL', id);
  if (!approval)
    throw new Refusal('UnknownApproval', `there is no question ${id}`, 'look at the list of approvals', { id });
  return approval;
}
