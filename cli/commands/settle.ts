import type { Context } from '../context.ts';
import { Settled } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

/** Runbook 4.4: lets the engine flush residual state after a drain. The stop machine does this too; by hand it is a repeat. */
export async function settle(context: Context, { strategy }: { readonly strategy: string }): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const settled = await api.post(strategyPath(strategy, 'settlements'), Settled, {
    body: {},
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', settled.summary, undefined, settled);
}
