import type { Run } from '../control-record.ts';
import { jsonIn } from '../launch/json-in.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { Annotation, annotationFile } from './annotate-review.ts';
import { requireReview } from './close-review.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { isOverdue, type Review } from './review.ts';
import { SUMMARY } from './review-files.ts';

/** A review as people see it: its record, what was annotated, and the whole page in Markdown. */
export type ReviewView = Review & {
  readonly overdue: boolean;
  readonly folder: string;
  readonly notes: readonly Annotation[];
  readonly page: string;
};

type ViewPorts = {
  readonly records: Pick<Ports['records'], 'get'>;
  readonly evidence: Pick<Ports['evidence'], 'read'>;
  readonly now: () => Date;
};

/** The review of a run with its summary, its annotations below it (product decision 17: fragments and a rendered view), and how it stands. Throws UnknownRun. */
export async function viewReview(id: string, ports: ViewPorts): Promise<ReviewView> {
  const review = await requireReview(id, ports);
  const run = await ports.records.get('RUN', review.id);
  const [summary, notes] = run
    ? await Promise.all([ports.evidence.read(runKey(run, SUMMARY)), readNotes(run, review.annotations, ports)])
    : [undefined, []];
  const overdue = isOverdue(review, ports.now());
  const text = summary
    ? Buffer.from(summary.bytes).toString('utf8').trimEnd()
    : `# Summary of ${id}\n\nIt is not written yet.`;
  const page = [
    text,
    `## What people say\n\n${notesText(notes)}`,
    `## How the review stands\n\n${standing(review, overdue)}`,
  ];
  return { ...review, overdue, folder: run ? runKey(run, '') : '', notes, page: `${page.join('\n\n')}\n` };
}

async function readNotes(run: Run, count: number, { evidence }: ViewPorts): Promise<Annotation[]> {
  const files = Array.from({ length: count }, (_, at) => runKey(run, annotationFile(at + 1)));
  const documents = await Promise.all(files.map((file) => evidence.read(file)));
  return documents.flatMap((document) => (document && Annotation.safeParse(jsonIn(document.bytes)).data) ?? []);
}

const notesText = (notes: readonly Annotation[]): string =>
  notes.length === 0
    ? 'Nothing yet.'
    : notes
        .map(({ number, by, at, text }) => `**${number}.** ${escapeMarkdown(by)} at ${at}:\n\n${quoted(text)}`)
        .join('\n\n');

/** Line by line, as text: an annotation cannot look like a part of the summary. */
const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${escapeMarkdown(line)}`)
    .join('\n');

function standing({ status, findingCount, dueAt, closedAt, closedBy, note, audit }: Review, overdue: boolean): string {
  const signatures = audit
    ? `${audit.verified} of ${audit.checked} signatures verify. `
    : 'The audit is not done yet. ';
  const found = findingCount === undefined ? 'Findings are not known yet. ' : `${findingCount} findings. `;
  if (status === 'closed')
    return `${signatures}${found}Closed at ${closedAt} by ${escapeMarkdown(closedBy)}: ${escapeMarkdown(note ?? 'nothing was found')}`;
  return `${signatures}${found}Open, ${overdue ? `and overdue since ${dueAt}: launches of the strategy are frozen` : `due ${dueAt}`}.`;
}
