import type { Context } from '../context.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { Approval, RestrictionLifted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type LiftOptions = { readonly strategy: string; readonly reason: string };

/** Lets what is throttled, or only reduces, trade at its approved rate again: the first time it asks two people, after their signatures it lifts. */
export async function lift(context: Context, { strategy, reason }: LiftOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const api = await context.api('operate');
  const lifted = await api.post(strategyPath(strategy, 'lifts'), RestrictionLifted, {
    body: { reason },
    idempotencyKey: surroundings.newKey(),
  });
  out.step(lifted.status === 'lifted' ? 'succeeded' : 'running', lifted.summary, undefined, lifted);
  if (lifted.status === 'lifted') return;
  announceApprovals(context, [await api.get(`/v1/approvals/${encodeURIComponent(lifted.approval)}`, Approval)]);
  out.note(`  when both have signed: ${command(`resume --strategy ${strategy} --reason '...'`)}`);
}
