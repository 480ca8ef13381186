import type { Approval } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { planChanged } from '../approval/plan-changed.ts';
import { readApproval } from '../approval/read-approval.ts';
import { voidApproval } from '../approval/void-approval.ts';
import { change } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep } from '../run-step.ts';
import { changedSince } from './plan-now.ts';
import type { PlanPorts } from './read-plan.ts';
import { readPlanNow } from './read-plan-now.ts';

type StandingPorts = PlanPorts & Pick<Ports, 'strategies' | 'jitter'>;

/**
 * Before anything relies on the two confirmations of a run (product decision 14): the plan that was signed is the plan as it would be now.
 * Otherwise the approval becomes void, with an entry in the ledger and a message that says what changed. Answers the approval, whose signatures
 * are still to be verified. Throws UnknownApproval, and PlanChanged with every difference.
 */
export async function requireUnchanged(run: RunStep, ports: StandingPorts): Promise<Approval> {
  const id = approvalId(run, 'launch-confirmation');
  const approval = await readApproval(id, ports);
  if (approval.changed) throw planChanged(approval);
  const changed = changedSince(approval.document['plan'], await readPlanNow(run.strategyId, ports));
  if (changed.length === 0) return approval;
  const key = { key: `${run.runId}/VoidApproval`, body: { approval: id } };
  const { reply } = await change(
    run.strategyId,
    key,
    async (state) => voidApproval(state, await readApproval(id, ports), changed, ports.now()),
    ports,
  );
  throw planChanged({ ...reply, changed });
}
