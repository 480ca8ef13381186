import type { Context } from '../context.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Approval, FreezeLifted, FreezeSet, Freezes } from '../replies.ts';

export type FreezeOptions = { readonly scope: string; readonly reason: string; readonly until?: string };

/** Holds new launches up, at once and alone: what trades goes on (product decision 11). */
export async function freeze(context: Context, { scope, reason, until }: FreezeOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const api = await context.api('operate');
  const set = await api.post('/v1/freezes', FreezeSet, {
    body: { scope, reason, ...(until !== undefined && { until }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', set.summary, undefined, set);
  out.note(`  a risk officer and an SRE lift it: ${command(`unfreeze ${set.freeze.id} --reason '...'`)}`);
}

/** Lifts a freeze: the first time it asks a risk officer and an SRE, after their signatures it lifts. */
export async function unfreeze(context: Context, id: string, { reason }: { readonly reason: string }): Promise<void> {
  const { out, surroundings, command } = context;
  const api = await context.api('operate');
  const lifted = await api.post(`/v1/freezes/${encodeURIComponent(id)}/lifts`, FreezeLifted, {
    body: { reason },
    idempotencyKey: surroundings.newKey(),
  });
  out.step(lifted.status === 'lifted' ? 'succeeded' : 'running', lifted.summary, undefined, lifted);
  if (lifted.status === 'lifted') return;
  announceApprovals(context, [await api.get(`/v1/approvals/${encodeURIComponent(lifted.approval)}`, Approval)]);
  out.note(`  when both have signed: ${command(`unfreeze ${id} --reason '...'`)}`);
}

/** Every freeze that stands now, of whatever source, and what to do about each. */
export async function listFreezes(context: Context): Promise<void> {
  const { out } = context;
  const all = await (await context.api('read')).get('/v1/freezes', Freezes);
  const rows = all.freezes.map(({ id, scope, source, since, until, by, overridable, reason }) => [
    ...[id, scope, source, utc(since), until ? utc(until) : '-', by, overridable ? 'yes' : 'no', reason],
  ]);
  const head = ['freeze', 'scope', 'source', 'since', 'until', 'by', 'overridable', 'reason'];
  out.result(all, table(out.paint, head, rows, 'nothing is frozen'));
  for (const { id, next } of all.freezes) out.note(`  ${id}: ${next}`);
}
