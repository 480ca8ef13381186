import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { findingLine, requireSuccess } from '../follow/require-success.ts';
import { duration, stepLine, utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';
import { RunDetail, Runs } from '../replies.ts';

export type RunsOptions = { readonly strategy?: string; readonly follow?: boolean; readonly timeout: number };

/** The runs of all strategies or one, or one run with its steps; `--follow` stays until it has ended. */
export async function runs(context: Context, id: string | undefined, options: RunsOptions): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  if (id && options.follow) {
    const { run } = await followRun(context, api, id, { until: 'end', timeoutMs: options.timeout * 1000 });
    requireSuccess(run);
    return out.step('succeeded', `${run.id}: ${run.summary ?? run.status}`, undefined, {
      run: run.id,
      status: run.status,
    });
  }
  if (id) {
    const run = await api.get(`/v1/runs/${encodeURIComponent(id)}`, RunDetail);
    return out.result(run, runText(context, run));
  }
  const query = options.strategy ? `?strategy=${encodeURIComponent(options.strategy)}` : '';
  const list = (await api.get(`/v1/runs${query}`, Runs)).runs;
  if (out.format === 'jsonl') return list.forEach((run) => void out.result(run, ''));
  const rows = list.map((run) => [
    run.id,
    run.status,
    utc(run.startedAt),
    took(run.startedAt, run.endedAt),
    run.summary ?? '-',
  ]);
  out.result(
    undefined,
    table(out.paint, ['run', 'status', 'started', 'took', 'summary'], rows, 'there was no run yet'),
  );
}

const took = (from: string, to: string | null | undefined) =>
  to ? duration(Date.parse(to) - Date.parse(from)) : 'under way';

function runText({ out: { paint } }: Context, run: RunDetail): string {
  const facts = pairs(paint, [
    ['run', run.id],
    ['status', run.status],
    ['started', `${utc(run.startedAt)} by ${run.requestedBy ?? 'unknown'}`],
    ['took', took(run.startedAt, run.endedAt)],
    ['ticket', run.ticket],
    ['summary', run.summary],
    ['failure', run.failure?.message],
  ]);
  const steps = run.steps.map((step) =>
    stepLine(paint, step.status, `${step.name}${step.summary ? `: ${step.summary}` : ''}`, step.durationMs),
  );
  const findings = (run.failure?.findings ?? [])
    .filter(({ verdict }) => verdict === 'no-go' || verdict === 'postpone')
    .map((finding) => `  ✖ ${findingLine(finding)}`);
  return [facts, '', ...steps, ...findings].join('\n');
}
