import type { ApiClient } from '../api-client.ts';
import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { requireSuccess } from '../follow/require-success.ts';
import { duration } from '../output/marks.ts';
import { openOrdersText } from '../output/strategy-view.ts';
import { StopAccepted, StrategyView } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import type { Surroundings } from '../surroundings.ts';

export type StopOptions = {
  readonly strategy: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Runbook 4: no new orders from the acknowledgement on; follows the drain until nothing rests, and the settlement to its end. */
export async function stop(
  context: Context,
  { strategy, reason, ticket, detach, timeout }: StopOptions,
): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const body = { ...(reason && { reason }), ...(ticket && { ticket }) };
  const accepted = await api.post(strategyPath(strategy, 'stops'), StopAccepted, {
    body,
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', accepted.summary, undefined, accepted);
  const { runId } = accepted;
  if (runId === null) return;
  if (detach) return out.note(`  follow it: ${context.command(`runs ${runId} --follow`)}`);
  const waitingFor = drainLine(surroundings, api, strategy, timeout);
  const { run } = await followRun(context, api, runId, { until: 'end', timeoutMs: timeout * 1000, waitingFor });
  requireSuccess(run);
  out.step('succeeded', `${strategy} is off: ${run.summary ?? run.id}`, undefined, { run: run.id, status: run.status });
}

/** `3 open orders, following for 4 min 42 s more`: how much is left to drain, and how long this command stays. */
function drainLine(
  surroundings: Surroundings,
  api: ApiClient,
  strategy: string,
  timeoutSeconds: number,
): () => Promise<string> {
  const endsAt = surroundings.elapsedMs() + timeoutSeconds * 1000;
  return async () => {
    const open = openOrdersText(await api.get(strategyPath(strategy), StrategyView));
    return `  draining: ${open} open ${open === '1' ? 'order' : 'orders'}, following for ${duration(Math.max(0, endsAt - surroundings.elapsedMs()))} more`;
  };
}
