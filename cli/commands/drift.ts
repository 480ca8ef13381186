import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { DriftDecided, type DriftReview, DriftReviews } from '../drift-replies.ts';
import { utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';

export type DriftListOptions = { readonly strategy?: string; readonly status?: string };
export type DriftReviewOptions = { readonly accept?: boolean; readonly return?: boolean; readonly note?: string };

/** Runbook 3.3: the drift reviews that stand, newest first. */
export async function driftList(context: Context, options: DriftListOptions): Promise<void> {
  const { out } = context;
  const reviews = await standing(context, options);
  if (out.format === 'jsonl') return reviews.forEach((review) => void out.result(review, ''));
  const rows = reviews.map(({ id, strategyId, status, lines, openedAt, escalatedAt, decidedBy }) => [
    ...[id, strategyId, escalatedAt && status === 'open' ? 'open, escalated' : status, worstOf(lines)],
    ...[utc(openedAt), decidedBy ?? '-'],
  ]);
  const head = ['review', 'strategy', 'status', 'worst', 'opened', 'decided by'];
  out.result(undefined, table(out.paint, head, rows, 'no drift review stands'));
}

/** Shows a drift review with its positions, or decides it: accepted, or returned since the positions have to be corrected. Without an id, the only one there is. */
export async function driftReview(
  context: Context,
  id: string | undefined,
  options: DriftReviewOptions,
): Promise<void> {
  const decision = options.accept ? 'accept' : options.return ? 'return' : undefined;
  const { note } = options;
  if (decision === undefined) return show(context, await meant(context, id));
  if (note === undefined)
    throw new CliError('usage', `why do you ${decision} it?`, `say so with --note '...': it stands in the ledger`);
  const review = await meant(context, id);
  const api = await context.api('operate');
  const decided = await api.post(`/v1/drift-reviews/${encodeURIComponent(review.id)}/decisions`, DriftDecided, {
    body: { decision, note },
    idempotencyKey: context.surroundings.newKey(),
  });
  context.out.step('succeeded', decided.summary, undefined, decided);
}

async function standing(context: Context, { strategy, status }: DriftListOptions): Promise<DriftReview[]> {
  const query = new URLSearchParams({ ...(strategy && { strategy }), ...(status && { status }) }).toString();
  const api = await context.api('read');
  return (await api.get(`/v1/drift-reviews${query === '' ? '' : `?${query}`}`, DriftReviews)).reviews;
}

async function meant(context: Context, id: string | undefined): Promise<DriftReview> {
  const reviews = await standing(context, id === undefined ? { status: 'open' } : {});
  const found = id === undefined ? reviews : reviews.filter((review) => review.id === id);
  const [review] = found;
  if (review && found.length === 1) return review;
  const what = id === undefined ? `${reviews.length} drift reviews are open` : `no drift review ${id} stands`;
  throw new CliError('usage', what, `name one of: ${context.command('drift ls')}`);
}

function show({ out, command }: Context, review: DriftReview): void {
  const { id, strategyId, status, openedAt, at, escalatedAt, decidedBy, decidedAt, note, lines } = review;
  const facts = pairs(out.paint, [
    ...([
      ['review', id],
      ['strategy', strategyId],
      ['status', status],
      ['opened', utc(openedAt)],
    ] as const),
    ...([
      ['positions of', utc(at)],
      ['escalated', escalatedAt && utc(escalatedAt)],
    ] as const),
    ...([
      ['decided by', decidedBy],
      ['decided', decidedAt && utc(decidedAt)],
      ['note', note],
    ] as const),
  ]);
  const rows = lines.map(({ instrument, live, target, mark, drift }) => [
    instrument,
    live,
    target,
    mark,
    percent(drift),
  ]);
  const positions = table(out.paint, ['instrument', 'live', 'target', 'mark', 'drift'], rows, 'no positions');
  out.result(review, `${facts}\n\n${positions}`);
  if (status === 'open')
    out.note(
      `  a quant or a risk officer decides: ${command(`drift review ${id} --accept --note '...'`)}, or --return`,
    );
}

const worstOf = ([line]: DriftReview['lines']): string => (line ? `${line.instrument} ${percent(line.drift)}` : '-');

const percent = (drift: number): string => `${(Math.min(drift, 1e6) * 100).toFixed(2)} %`;
