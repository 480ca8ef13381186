import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusal } from '../refusal.ts';

const AS_MANY_AS_LISTED = 200;

/** Ends every launch of a strategy that waits for people, with the given reason: its machine compensates at once instead of after its timeout. */
export async function abortWaiting(
  strategyId: StrategyId,
  because: Refusal,
  { records, executions }: Pick<Ports, 'records' | 'executions'>,
): Promise<number> {
  const approvals = await records.list('APPROVAL', { limit: AS_MANY_AS_LISTED });
  const waiting = approvals.filter(
    (each) => each.strategyId === strategyId && each.status === 'open' && each.kind !== 'kill-confirmation',
  );
  await Promise.all(
    waiting.map(async (approval) => {
      await executions.fail(approval.taskToken, because);
      await records.put({ kind: 'APPROVAL', record: { ...approval, status: 'void' } });
    }),
  );
  return waiting.length;
}
