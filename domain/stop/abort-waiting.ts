import type { Approval } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusal } from '../refusal.ts';

const AS_MANY_AS_LISTED = 200;

/** Ends every launch of a strategy that waits for people, with the given reason: its machine compensates at once instead of after its timeout. */
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
    (each) => each.strategyId === strategyId && each.status === 'open' && each.kind !== 'kill-confirmation',
  );
  await Promise.all(
    waiting.map(async (approval) => {
      if (approval.taskToken !== undefined) await executions.fail(approval.taskToken, because);
      await records.put({ kind: 'APPROVAL', record: { ...approval, status: 'void' } });
    }),
  );
  return waiting.length;
}

/** What the run that holds the strategy asks now: lists may lag by a moment, and this moment may be the one that matters. */
async function questionsOfRun(
  strategyId: StrategyId,
  { records, strategies }: Pick<Ports, 'records' | 'strategies'>,
): Promise<Approval[]> {
  const run = (await strategies.read(strategyId))?.run;
  if (!run) return [];
  const asked = (['launch-confirmation', 'flag-flip'] as const).map((kind) => approvalId({ runId: run.id }, kind));
  const found = await Promise.all(asked.map((id) => records.get('APPROVAL', id)));
  return found.filter((each) => each !== undefined);
}
