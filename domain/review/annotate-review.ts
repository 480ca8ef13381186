import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import { type Changed, change } from '../change.ts';
import type { Run } from '../control-record.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { runKey } from '../run-key.ts';
import type { Strategy } from '../strategy.ts';
import type { AnnotateRequest } from './annotate-request.ts';
import { type ReviewPorts, requireReview } from './close-review.ts';
import { ANNOTATIONS } from './review-files.ts';

const MOST_ANNOTATIONS = 500;

export type AnnotateReview = {
  readonly caller: Caller;
  readonly id: string;
  readonly key: string;
  readonly request: AnnotateRequest;
};
export type Annotated = {
  readonly run: string;
  readonly number: number;
  readonly file: string;
  readonly digest: string;
  readonly summary: string;
};

export type AnnotatePorts = ReviewPorts & { readonly evidence: Pick<Ports['evidence'], 'createOnce' | 'read'> };

/** One annotation, as it is filed. */
export const Annotation = z.object({
  v: z.literal(1),
  number: z.int(),
  by: z.string(),
  at: z.iso.datetime(),
  text: z.string(),
});
export type Annotation = z.infer<typeof Annotation>;

/** Where an annotation stands, from 1. */
export const annotationFile = (number: number): string => `${ANNOTATIONS}/${String(number).padStart(4, '0')}.json`;

/**
 * Adds what somebody has to say to the summary of a run, also after its review is closed: a fragment that is written once, its digest in the ledger. Refuses a run
 * without a review (UnknownRun), and more than 500 annotations (ReviewClosed).
 */
export async function annotateReview(
  { caller, id, key, request }: AnnotateReview,
  ports: AnnotatePorts,
): Promise<Changed<Annotated>> {
  const review = await requireReview(id, ports);
  const subject = await ports.records.get('RUN', id);
  if (!subject) throw new Refusal('UnknownRun', `there is no run ${id}`, 'look at the list of runs');
  const annotation = { by: caller.subject, at: ports.now().toISOString(), text: request.text };
  return change(
    review.strategyId,
    { key, body: { review: id, ...request } },
    (state) => annotate(state, subject, annotation, ports),
    ports,
  );
}

type Written = Omit<Annotation, 'v' | 'number' | 'by'> & { readonly by: Caller['subject'] };

/** The file first, under the next number that is free, then the entry that names it: a number whose entry got lost is passed over. */
async function annotate(state: Strategy, subject: Run, { by, at, text }: Written, ports: AnnotatePorts) {
  const review = await requireReview(subject.id, ports);
  const contentOf = (number: number) => `${canonicalJson({ v: 1, number, by, at, text })}\n`;
  const number = await freeNumber(subject, { from: review.annotations + 1, contentOf }, ports);
  if (number > MOST_ANNOTATIONS)
    return new Refusal(
      'ReviewClosed',
      `${subject.id} has ${MOST_ANNOTATIONS} annotations already`,
      'write the rest into the ticket',
    );
  const file = runKey(subject, annotationFile(number));
  const content = contentOf(number);
  await ports.evidence.createOnce(file, content);
  const digest = digestOfBytes(content);
  return {
    state,
    entries: [
      {
        type: 'review.annotated',
        actor: by,
        run: review.run,
        payload: { reviews: subject.id, annotation: { key: file, hash: digest }, number },
      },
    ],
    records: [{ kind: 'REVIEW' as const, record: { ...review, annotations: number } }],
    reply: { run: subject.id, number, file, digest, summary: `annotation ${number} of ${subject.id} is filed` },
  };
}

type Numbering = { readonly from: number; readonly contentOf: (number: number) => string };

/** The next number under which nothing stands, or this very annotation from a try that lost its race. */
async function freeNumber(subject: Run, { from, contentOf }: Numbering, { evidence }: AnnotatePorts): Promise<number> {
  for (let number = from; number <= MOST_ANNOTATIONS; number += 1) {
    const there = await evidence.read(runKey(subject, annotationFile(number)));
    if (!there || there.hash === digestOfBytes(contentOf(number))) return number;
  }
  return MOST_ANNOTATIONS + 1;
}
