import type { Approval } from '../approval/approval.ts';
import { planChanged } from '../approval/plan-changed.ts';
import { readApproval } from '../approval/read-approval.ts';
import { voidApproval } from '../approval/void-approval.ts';
import { change } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { changedOf } from './bound-plan.ts';
import type { PlanPorts } from './read-plan.ts';
import { readPlanNow } from './read-plan-now.ts';

type SweepPorts = PlanPorts & Pick<Ports, 'strategies' | 'jitter' | 'executions'>;

/**
 * Approvals hold only as long as nothing they bind changes (product decision 14), also while nobody looks: each question that waits and whose
 * plan is not the plan any more becomes void, whoever asked is told, and the machine that waits for it ends. Answers how many.
 */
export async function voidChangedApprovals(ports: SweepPorts): Promise<number> {
  const at = ports.now().toISOString();
  const waiting = (await ports.records.list('APPROVAL')).filter(
    ({ status, expiresAt }) => status === 'open' && at < expiresAt,
  );
  const voided = await Promise.all(waiting.map((approval) => voidIfChanged(approval, ports)));
  return voided.filter(Boolean).length;
}

async function voidIfChanged({ id, strategyId }: Approval, ports: SweepPorts): Promise<boolean> {
  const asked = await readApproval(id, ports); // the list may lag
  const planNow = () => readPlanNow(strategyId, ports);
  const changed = await changedOf(asked, { records: ports.records, planNow });
  if (asked.status !== 'open' || changed.length === 0) return false;
  const { reply } = await change(
    strategyId,
    { key: `${id}/void`, body: { approval: id } },
    async (state) => voidApproval(state, await readApproval(id, ports), changed, ports.now()),
    ports,
  );
  if (reply.status === 'void' && reply.taskToken !== undefined)
    await ports.executions.fail(reply.taskToken, planChanged(reply));
  return reply.status === 'void';
}
