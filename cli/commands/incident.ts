import type { Context } from '../context.ts';
import { IncidentUpdated } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type IncidentOptions = { readonly strategy: string; readonly eta: string };

/** Runbook 5.1.3: tells everybody who was told of the kill when trading may begin again. */
export async function incidentUpdate(context: Context, { strategy, eta }: IncidentOptions): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const updated = await api.post(strategyPath(strategy, 'incident'), IncidentUpdated, {
    body: { eta },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', updated.summary, undefined, updated);
}
