import type { Context } from '../context.ts';
import { harmless } from '../output/harmless.ts';
import { table } from '../output/table.ts';
import { Settled } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

/** Runbook 4.4: lets the engines flush residual state, and compares positions, cash and orders with the venues. The stop machine does this too; by hand it is a repeat. */
export async function settle(context: Context, { strategy }: { readonly strategy: string }): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const settled = await api.post(strategyPath(strategy, 'settlements'), Settled, {
    body: {},
    idempotencyKey: surroundings.newKey(),
  });
  const { compared, silent } = settled.settlement;
  const rows = compared.map(({ what, instrument, venues, engines, difference, same }) => [
    ...[same ? '✓' : '✖', what, instrument ?? '-', venues, engines, difference],
  ]);
  out.note(
    table(out.paint, ['', 'what', 'instrument', 'venues', 'engines', 'difference'], rows, 'nothing could be compared'),
  );
  for (const { source, why } of silent) out.note(harmless(`✖ not compared: ${source}: ${why}`));
  out.step('succeeded', settled.summary, undefined, settled);
}
