import { readFile } from 'node:fs/promises';
import { MOST_ANNOTATION_BYTES } from '../../domain/review/annotate-request.ts';
import { noteText } from '../../domain/review/note-text.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Annotated, ReviewClosed, ReviewDigest, Reviews, ReviewView } from '../review-replies.ts';

const pathOf = (run: string, rest = '') => `/v1/runs/${encodeURIComponent(run)}/review${rest}`;

/** Runbook 7: reviews of runs, newest first; `--open` leaves those out that are closed. */
export async function reviewList(context: Context, { open = false }: { readonly open?: boolean }): Promise<void> {
  const { out } = context;
  const list = (await (await context.api('read')).get(`/v1/reviews${open ? '?status=open' : ''}`, Reviews)).reviews;
  if (out.format === 'jsonl') return list.forEach((review) => void out.result(review, ''));
  const rows = list.map(({ id, status, overdue, findingCount, openedAt, dueAt, closedBy }) => [
    ...[id, overdue ? 'overdue' : status, findingCount ?? 'not known yet', utc(openedAt), utc(dueAt)],
    closedBy ?? '-',
  ]);
  const head = ['run', 'review', 'findings', 'opened', 'due', 'closed by'];
  out.result(undefined, table(out.paint, head, rows, open ? 'no review is open' : 'nothing was reviewed yet'));
}

/** The whole summary of a run with its annotations, and what is left to do. */
export async function reviewShow(context: Context, run: string): Promise<void> {
  const { out, command } = context;
  const view = await (await context.api('read')).get(pathOf(run), ReviewView);
  out.result(view, view.page);
  if (view.status === 'open')
    out.note(
      `  a risk officer or an SRE who did not ask for it closes it: ${command(`review close ${run} --note '...'`)}`,
    );
}

export type AnnotateOptions = { readonly text?: string; readonly file?: string };

/** Runbook 7.1: adds what somebody has to say; what is too long is refused before anything is sent. */
export async function reviewAnnotate(context: Context, run: string, options: AnnotateOptions): Promise<void> {
  const { out, surroundings } = context;
  const text = judged(await textOf(options));
  const api = await context.api('operate');
  const annotated = await api.post(pathOf(run, '/annotations'), Annotated, {
    body: { text },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', annotated.summary, undefined, annotated);
}

async function textOf({ text, file }: AnnotateOptions): Promise<string> {
  if (text !== undefined) return text;
  if (file === undefined) throw new CliError('usage', 'annotate it with what?', 'give --text <text> or --file <path>');
  return readFile(file, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('usage', `${file} cannot be read: ${why}`, 'name a text file');
  });
}

function judged(text: string): string {
  const read = noteText(MOST_ANNOTATION_BYTES).safeParse(text);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new CliError(
    'usage',
    `the annotation has ${Buffer.byteLength(text)} bytes: ${issue?.message ?? 'it cannot be taken'}`,
    `write something, and at most ${MOST_ANNOTATION_BYTES} bytes: put the rest into the ticket`,
  );
}

/** Somebody has looked at every finding: the review is closed, and holds no launch up any more. */
export async function reviewClose(context: Context, run: string, { note }: { readonly note: string }): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const closed = await api.post(pathOf(run, '/closures'), ReviewClosed, {
    body: { note },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', closed.summary, undefined, closed);
}

/** What Compliance is told each week, for any week: the one that is over last when none is named. */
export async function reviewDigest(context: Context, { week }: { readonly week?: string }): Promise<void> {
  const query = week === undefined ? '' : `?week=${encodeURIComponent(week)}`;
  const digest = await (await context.api('read')).get(`/v1/reviews/digest${query}`, ReviewDigest);
  context.out.result(digest, digest.page);
}
