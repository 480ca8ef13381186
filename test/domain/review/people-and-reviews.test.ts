import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computedFreezes } from '../../../domain/freeze/computed-freezes.ts';
import { coveringFreezes } from '../../../domain/freeze/covering-freezes.ts';
import { isSoft } from '../../../domain/freeze/freeze.ts';
import { howToLift } from '../../../domain/freeze/how-to-lift.ts';
import { listFreezes } from '../../../domain/freeze/list-freezes.ts';
import { AnnotateRequest, MOST_ANNOTATION_BYTES } from '../../../domain/review/annotate-request.ts';
import { annotateReview, annotationFile } from '../../../domain/review/annotate-review.ts';
import { CloseRequest, closeReview } from '../../../domain/review/close-review.ts';
import { endReview } from '../../../domain/review/end-review.ts';
import type { Review } from '../../../domain/review/review.ts';
import { startReview } from '../../../domain/review/start-review.ts';
import { tellOverdue } from '../../../domain/review/tell-overdue.ts';
import { viewReview } from '../../../domain/review/view-review.ts';
import { messagesIn } from '../../fakes/told.ts';
import { REGISTRATION, RUN, risk, START, STRATEGY, trader, type World } from '../../fakes/world.ts';
import { payloadsOf, quant, reviewed, reviewOf, reviewPorts, STEPS, sre, stoppedWell } from './a-review.ts';

const HOUR = 3_600_000;

/** A run in whose review something was found: it waits for people. */
async function openReviewOf() {
  const { made, ended } = await stoppedWell();
  for (const key of [...made.evidence.files.keys()])
    if (key.endsWith('/go-no-go.json')) made.evidence.files.delete(key);
  const step = await reviewed(made, ended);
  return { made, step };
}

const closing = (made: World, caller = sre, note = 'the file was moved; it is restored', key = 'key-1') =>
  closeReview({ caller, id: RUN, key, request: CloseRequest.parse({ note }) }, made.ports);
const annotating = (made: World, text: string, key: string, caller = quant) =>
  annotateReview({ caller, id: RUN, key, request: AnnotateRequest.parse({ text }) }, made.ports);

describe('closing a review', () => {
  it('is for a risk officer or an SRE, with a note that stands in the ledger', async () => {
    const { made, step } = await openReviewOf();

    const { reply } = await closing(made);

    const { status, closedBy, note } = await reviewOf(made, RUN);
    assert.deepEqual(
      [reply.status, status, closedBy, note],
      ['closed', 'closed', 'sub-sre', 'the file was moved; it is restored'],
    );
    assert.deepEqual(payloadsOf(made, 'review.closed'), [
      { reviews: RUN, findings: 2, note: 'the file was moved; it is restored' },
    ]);
    assert.match(
      (await viewReview(RUN, made.ports)).page,
      /Closed at .* by sub-sre: the file was moved; it is restored/,
    );
    assert.equal(step.strategyId, STRATEGY);
  });

  it('is not for whoever asked for the run or for its end, nor for another role, nor twice', async () => {
    const { made } = await openReviewOf();

    await assert.rejects(closing(made, { ...trader, roles: ['sre'] }), { name: 'SamePerson' });
    await assert.rejects(closing(made, quant), { name: 'WrongRole' });
    await assert.rejects(closeReview({ caller: sre, id: 'launch-0', key: 'k', request: { note: 'n' } }, made.ports), {
      name: 'UnknownRun',
    });
    await closing(made);
    await assert.rejects(closing(made, risk, 'again', 'key-2'), { name: 'ReviewClosed', message: /by sub-sre/ });
    assert.equal((await closing(made)).repeated, true);
  });

  it('is left as it is by a machine that comes to its end later', async () => {
    const { made, ended } = await stoppedWell();
    const review = (await startReview(ended, made.ports)) ?? assert.fail();
    const step = { strategyId: review.strategyId, runId: review.id, epoch: review.epoch };
    for (const act of STEPS.slice(0, -1)) await act(step, reviewPorts(made));
    await closing(made);

    const { summary } = await endReview(step, made.ports);

    const { closedBy, note } = await reviewOf(made, RUN);
    assert.deepEqual(
      [summary, closedBy, note],
      ['sub-sre has closed it already', 'sub-sre', 'the file was moved; it is restored'],
    );
  });

  it('is possible where its machine never got as far as findings', async () => {
    const { made } = await openReviewOf();
    const { findingCount: _count, ...review } = await reviewOf(made, RUN);
    await made.store.put({ kind: 'REVIEW', record: review });

    await closing(made);

    assert.equal(payloadsOf(made, 'review.closed')[0]?.['findings'], null);
  });

  it('takes a note of something, and of 2,000 bytes at most', () => {
    for (const note of ['', ' \n', '\u0000', 'x'.repeat(2_001), 7])
      assert.equal(CloseRequest.safeParse({ note }).success, false);
  });
});

describe('an annotation', () => {
  it('is a file that is written once, its digest in the ledger, and stands below the summary', async () => {
    const { made } = await openReviewOf();

    const { reply } = await annotating(made, 'the feed was slow', 'key-1');
    await annotating(made, 'second thought', 'key-2', risk);

    const { notes, page, annotations } = await viewReview(RUN, made.ports);
    assert.deepEqual(
      notes.map(({ number, by, text }) => [number, by, text]),
      [
        [1, 'sub-quant', 'the feed was slow'],
        [2, 'sub-risk', 'second thought'],
      ],
    );
    assert.match(page, /## What people say\n\n\*\*1\.\*\* sub-quant at .*:\n\n> the feed was slow\n\n\*\*2/);
    assert.deepEqual(
      [annotations, Object(payloadsOf(made, 'review.annotated')[0]?.['annotation']).hash],
      [2, reply.digest],
    );
  });

  it('may come after the review was closed, and changes nothing of it', async () => {
    const { made } = await openReviewOf();
    await closing(made);

    await annotating(made, 'one more word', 'key-2');

    const { status, closedBy } = await reviewOf(made, RUN);
    assert.deepEqual([status, closedBy], ['closed', 'sub-sre']);
  });

  it('is filed once when it is repeated, and passes over a number whose entry got lost', async () => {
    const { made } = await openReviewOf();
    const [first, again] = [await annotating(made, 'a word', 'key-1'), await annotating(made, 'a word', 'key-1')];
    await made.evidence.createOnce(
      [...made.evidence.files.keys()].find((key) => key.endsWith('0001.json'))?.replace('0001', '0002') ?? '',
      '{}\n',
    );
    made.store.losing = 1;

    const { reply } = await annotating(made, 'another word', 'key-2');

    assert.deepEqual([again.reply.digest, again.repeated, reply.number], [first.reply.digest, true, 3]);
    const files = [...made.evidence.files.keys()].filter((key) => key.includes('/annotations/'));
    assert.equal(files.length, 3);
    assert.deepEqual(
      (await viewReview(RUN, made.ports)).notes.map(({ number }) => number),
      [1, 3],
    );
  });

  it('has no control characters, keeps its lines, and is refused whole when it is too long', () => {
    assert.equal(AnnotateRequest.parse({ text: ' a\r\nb\u0000\u202e\u001b[31mc\td ' }).text, 'a\nb[31mc\td');
    assert.equal(AnnotateRequest.safeParse({ text: 'é'.repeat(MOST_ANNOTATION_BYTES / 2) }).success, true);
    assert.equal(AnnotateRequest.safeParse({ text: `${'é'.repeat(MOST_ANNOTATION_BYTES / 2)}x` }).success, false);
    assert.equal(AnnotateRequest.safeParse({ text: '\u200b' }).success, false);
  });

  it('is refused for a run without a review, a review without a run, and the five hundred and first time', async () => {
    const { made } = await openReviewOf();
    await assert.rejects(
      annotateReview({ caller: quant, id: 'launch-0', key: 'k', request: { text: 't' } }, made.ports),
      { name: 'UnknownRun' },
    );
    await made.store.put({ kind: 'REVIEW', record: { ...(await reviewOf(made, RUN)), annotations: 500 } });
    await assert.rejects(annotating(made, 'too much', 'key-1'), { name: 'ReviewClosed', message: /500 annotations/ });
    made.store.records.delete(`RUN#${RUN}`);
    await assert.rejects(annotating(made, 'a word', 'key-2'), { name: 'UnknownRun' });
    assert.equal(annotationFile(7), 'annotations/0007.json');
  });
});

describe('a review that stays open', () => {
  const overdue = async () => {
    const { made } = await openReviewOf();
    made.pass(72 * HOUR);
    return made;
  };

  it('freezes launches of its strategy from the moment it is due, and says what to do', async () => {
    const { made } = await openReviewOf();
    made.pass(72 * HOUR - 1);
    assert.deepEqual(await coveringFreezes(STRATEGY, made.ports), []);
    made.pass(1);

    const [freeze] = await coveringFreezes(STRATEGY, made.ports);

    assert.deepEqual(
      [freeze?.id, freeze?.source, freeze && isSoft(freeze), freeze?.runId],
      ['review-btc-momentum', 'review', false, RUN],
    );
    assert.match(
      String(freeze?.reason),
      /the review of launch-.* was due at 2026-11-27T13:00:00.000Z and is still open/,
    );
    assert.equal(
      freeze && howToLift(freeze),
      `look at what it has found and close it: tradepulse-cli review close ${RUN} --note <text>`,
    );
    assert.equal((await listFreezes(made.ports)).length, 1);
  });

  it('holds nobody up any more when it is closed', async () => {
    const made = await overdue();

    await closing(made);

    assert.deepEqual(await coveringFreezes(STRATEGY, made.ports), []);
  });

  it('is told once, however often the sweep looks, and not before its time', async () => {
    const { made } = await openReviewOf();
    assert.equal(await tellOverdue(made.ports), 0);
    made.pass(72 * HOUR);

    assert.deepEqual([await tellOverdue(made.ports), await tellOverdue(made.ports)], [1, 0]);

    const [message] = messagesIn(made, 'review-overdue');
    assert.equal(messagesIn(made, 'review-overdue').length, 1);
    assert.match(
      String(message?.facts['reason']),
      /2 findings; it was due at .*, and launches of btc-momentum are frozen/,
    );
    assert.equal(payloadsOf(made, 'review.overdue').length, 1);
  });

  it('is told of by nobody when it was closed, or told of, between the look and the write', async () => {
    const made = await overdue();
    const review = await reviewOf(made, RUN);
    const stale = { ...made.ports.records, list: async () => [review], get: made.store.get.bind(made.store) };

    for (const changes of [{ status: 'closed' as const }, { toldOverdueAt: review.dueAt }]) {
      await made.store.put({ kind: 'REVIEW', record: { ...review, ...changes } });
      await tellOverdue({ ...made.ports, records: stale } as never);
    }

    assert.deepEqual(messagesIn(made, 'review-overdue'), []);
  });

  it('is told where its machine never got as far as findings', async () => {
    const made = await overdue();
    const { findingCount: _count, ...review } = await reviewOf(made, RUN);
    await made.store.put({ kind: 'REVIEW', record: review });

    await tellOverdue(made.ports);

    assert.match(String(messagesIn(made, 'review-overdue')[0]?.facts['reason']), /^0 findings/);
  });

  it('freezes once for several, by the one that was due first, and for no other strategy', () => {
    const review = (id: string, dueAt: string, changes: Partial<Review> = {}): Review => ({
      ...{
        id: id as never,
        strategyId: STRATEGY,
        status: 'open',
        run: 'r' as never,
        endedBy: 'e' as never,
        initiators: [],
        annotations: 0,
      },
      ...{ openedAt: START.toISOString(), dueAt },
      ...changes,
    });
    const reviews = [
      review('b', '2026-11-24T11:00:00.000Z'),
      review('a', '2026-11-24T10:00:00.000Z'),
      review('c', '2026-11-24T13:00:00.000Z'),
      review('d', '2026-11-24T09:00:00.000Z', { status: 'closed' }),
      review('e', '2026-11-24T09:00:00.000Z', { strategyId: 'eurusd-carry' as never }),
    ];

    const freezes = computedFreezes(REGISTRATION, {
      runs: [],
      drills: new Set(),
      postMortems: [],
      reviews,
      now: START,
    });

    assert.deepEqual(
      freezes.map(({ reason }) => reason),
      ['the review of a was due at 2026-11-24T10:00:00.000Z and is still open, and 1 more'],
    );
  });
});
