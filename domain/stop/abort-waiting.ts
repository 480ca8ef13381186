import type { Approval, ApprovalKind } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusal } from '../refusal.ts';

const AS_MANY_AS_LISTED = 200;
const OF_A_RUN = ['launch-confirmation', 'flag-flip', 'resume', 'drain-sign-off'] as const;
const ABOUT_A_KILL: readonly ApprovalKind[] = ['kill-confirmation', 'post-mortem'];

/**
 * Ends every launch, resumption, recovery or stop of a strategy that waits for people, with the given reason: its machine ends at once instead of
 * after its timeout. What is asked about a kill stays: its confirmation, and the sign-off of its post-mortem, which say what was, not what shall be.
 */
export async function abortWaiting(
  strategyId: StrategyId,
  because: Refusal,
  { records, executions, strategies }: Pick<Ports, 'records' | 'executions' | 'strategies'>,
): Promise<number> {
  const [listed, own] = await Promise.all([
    records.list('APPROVAL', { limit: AS_MANY_AS_LISTED }),
    questionsOfRun(strategyId, { records, strategies }),
  ]);
  const approvals = new Map([...listed, ...own].map((each) => [each.id, each])); // what was read last stands
  const waiting = [...approvals.values()].filter(
    (each) => each.strategyId === strategyId && each.status === 'open' && !ABOUT_A_KILL.includes(each.kind),
  );
  await Promise.all(
    waiting.map(async (approval) => {
      if (approval.taskToken !== undefined) await executions.fail(approval.taskToken, because);
      await records.put({ kind: 'APPROVAL', record: { ...approval, status: 'void' } });
    }),
  );
  return waiting.length;
}

/** What the run that holds the strategy, or recovers it, asks now: lists may lag by a moment, and this moment may be the one that matters. */
async function questionsOfRun(
  strategyId: StrategyId,
  { records, strategies }: Pick<Ports, 'records' | 'strategies'>,
): Promise<Approval[]> {
  const state = await strategies.read(strategyId);
  const [run, recovery] = [state?.run?.id, state?.latch?.recovery];
  const asked = [
    ...(run ? OF_A_RUN.map((kind) => approvalId({ runId: run }, kind)) : []),
    ...(recovery ? [approvalId({ runId: recovery }, 'recovery')] : []),
  ];
  const found = await Promise.all(asked.map((id) => records.get('APPROVAL', id)));
  return found.filter((each) => each !== undefined);
}
