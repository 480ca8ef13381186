import type { Context } from '../context.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Approval, OverrideRequested, Overrides, Run } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type OverrideOptions = {
  readonly run: string;
  readonly check: readonly string[];
  readonly reason: string;
  /** Milliseconds. */
  readonly expires: number;
  readonly authoriser?: string;
};

/** Product decision 13: asks a risk officer and another designated person to let soft no-goes of a launch pass. Says what would pass, and for how long. */
export async function overrideRequest(context: Context, options: OverrideOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const { run, check: checks, reason, expires, authoriser } = options;
  const api = await context.api('operate');
  const { strategyId } = await api.get(`/v1/runs/${encodeURIComponent(run)}`, Run);
  const asked = await api.post(strategyPath(strategyId, 'overrides'), OverrideRequested, {
    body: { run, checks, reason, expiresInMinutes: Math.ceil(expires / 60_000), ...(authoriser && { authoriser }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('running', asked.summary, undefined, asked);
  const rows = asked.override.findings.map(({ check, expected, actual }) => [check, expected, actual]);
  out.note(table(out.paint, ['check', 'expected', 'it was'], rows, ''));
  announceApprovals(context, [await api.get(`/v1/approvals/${encodeURIComponent(asked.approval)}`, Approval)]);
  out.note('  neither of them may have signed that launch, nor signs the next one');
  out.note(`  when both have signed: ${command(`deploy --strategy ${strategyId} --env <environment>`)}`);
}

/** The overrides of a strategy, newest first. */
export async function overrideList(context: Context, { strategy }: { readonly strategy: string }): Promise<void> {
  const { out } = context;
  const all = await (await context.api('read')).get(strategyPath(strategy, 'overrides'), Overrides);
  const rows = all.overrides.map(({ id, status, findings, expiresAt, signers, reason }) => [
    ...[id, status, findings.map(({ check }) => check).join(' '), utc(expiresAt), signers.join(' ') || '-', reason],
  ]);
  const head = ['override', 'status', 'checks', 'until', 'signed by', 'reason'];
  out.result(all, table(out.paint, head, rows, 'nothing was ever overridden'));
}
