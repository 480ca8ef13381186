import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { duration, utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Drills, DrillView } from '../replies.ts';

/** One drill as far as it is known. Ends badly when it missed a budget. */
export async function showDrill(context: Context, run: string): Promise<void> {
  const api = await context.api('read');
  const view = await api.get(`/v1/drills/${encodeURIComponent(run)}`, DrillView);
  tellScore(context, view);
  requirePassed(view);
}

/** All drills, newest first. */
export async function listDrills(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const all = await api.get('/v1/drills', Drills);
  const rows = all.drills.map(({ at, strategyId, verdict, openedBy, id }) => [
    utc(at),
    strategyId,
    verdict ?? 'not scored',
    openedBy,
    id,
  ]);
  out.result(all, table(out.paint, ['at', 'strategy', 'verdict', 'by', 'run'], rows, 'nothing was ever drilled'));
}

/** Each phase beside its budget; the goal, where there is one, is what the benchmark holds one machine to. */
export function tellScore({ out }: Context, view: DrillView): void {
  const { drill, score, record } = view;
  const rows = score.phases.map(({ phase, ms, budgetMs, goalMs, verdict, says }) => [
    phase,
    ms === null ? '-' : duration(ms),
    duration(budgetMs),
    goalMs === null ? '-' : duration(goalMs),
    verdict,
    says,
  ]);
  const phases = table(out.paint, ['phase', 'after', 'budget', 'goal', 'verdict', 'from what'], rows, '');
  out.result(view, `drill of ${drill.strategyId}: ${score.verdict}\n${phases}`);
  if (record) out.note(`filed as ${record.key} (${record.hash})`);
}

/** Refuses a drill that missed a budget; one that still waits for its second person has missed none. */
export function requirePassed({ drill, score }: DrillView): void {
  const failed = score.phases.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return;
  throw new CliError(
    'budget',
    `the drill of ${drill.strategyId} failed: ${failed.map(({ phase, says }) => `${phase} (${says})`).join('; ')}`,
    'find out what was slow before the next kill is a real one, and drill again',
    { code: 'DrillFailed', facts: { run: drill.id, failed: failed.map(({ phase }) => phase) } },
  );
}
