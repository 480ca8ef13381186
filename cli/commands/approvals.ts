import type { Context } from '../context.ts';
import { announceApprovals, approvalTable } from '../follow/next-signatures.ts';
import { Approvals } from '../replies.ts';

/** What waits for signatures, with the commands that give them; `--all` shows what has been decided too. */
export async function approvals(
  context: Context,
  { strategy, all }: { readonly strategy?: string; readonly all?: boolean },
): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const list = (await api.get('/v1/approvals', Approvals)).approvals.filter(
    (each) => (!strategy || each.strategyId === strategy) && (all || each.status === 'open'),
  );
  if (out.format === 'jsonl') return list.forEach((approval) => void out.result(approval, ''));
  out.result(undefined, approvalTable(context, list));
  announceApprovals(
    context,
    list.filter(({ status }) => status === 'open'),
  );
}
