import { type Changed, change } from '../change.ts';
import type { ApprovalId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Approval } from './approval.ts';
import { type SignApproval, signApproval } from './sign-approval.ts';

/**
 * Takes one person's answer to a question and, when that settles it, lets the waiting machine go on. The machine is told
 * after the commit and again on a repeat, so an answer is never lost between the two.
 */
export async function decideApproval(
  id: ApprovalId,
  command: SignApproval,
  commandKey: string,
  ports: Pick<Ports, 'strategies' | 'records' | 'executions' | 'now' | 'jitter'>,
): Promise<Changed<Approval>> {
  const { strategyId } = await readApproval(id, ports);
  const body = { id, decision: command.decision, digest: command.digest, reason: command.reason ?? null };
  const changed = await change(
    strategyId,
    { key: commandKey, body },
    async (state) => signApproval(state, await readApproval(id, ports), command, ports.now()),
    ports,
  );
  await tellMachine(changed.reply, ports);
  return changed;
}

async function readApproval(id: ApprovalId, { records }: Pick<Ports, 'records'>): Promise<Approval> {
  const approval = await records.get('APPROVAL', id);
  if (!approval)
    throw new Refusal('UnknownApproval', `there is no question ${id}`, 'look at the list of approvals', { id });
  return approval;
}

async function tellMachine(approval: Approval, { executions }: Pick<Ports, 'executions'>): Promise<void> {
  const { taskToken } = approval;
  if (taskToken === undefined) return;
  if (approval.status === 'complete')
    await executions.succeed(taskToken, { approval: approval.id, digest: approval.digest });
  if (approval.status === 'declined') {
    const declined = approval.signatures.find(({ decision }) => decision === 'decline');
    await executions.fail(
      taskToken,
      new Refusal(
        'ApprovalDeclined',
        `declined by ${declined?.role}: ${declined?.reason ?? 'no reason given'}`,
        'talk to them, then launch again',
      ),
    );
  }
}
