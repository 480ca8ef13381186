import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { listReviews } from '../../../domain/review/list-reviews.ts';
import { startReview } from '../../../domain/review/start-review.ts';
import { viewReview } from '../../../domain/review/view-review.ts';
import { RUN, risk, START } from '../../fakes/world.ts';
import { everybodyTold, STOP } from '../checklist/a-trading-run.ts';
import { fileIn, over, payloadsOf, reviewed, reviewOf, reviewPorts, STEPS, stoppedWell } from './a-review.ts';

describe('the review of a run that was stopped', () => {
  it('finds that every second factor and signature is there and verifies, and closes itself', async () => {
    const { made, ended } = await stoppedWell();

    await reviewed(made, ended);

    const { status, findings, audit, closedBy, endedBy } = await reviewOf(made, RUN);
    assert.deepEqual([findings, status, closedBy, endedBy], [[], 'closed', 'service:review', STOP]);
    assert.deepEqual([audit?.failed, audit?.verified, audit?.checked], [0, 5, 5]);
  });

  it('is due 72 hours after it was opened, and says who asked for the run and for its end', async () => {
    const { made } = await stoppedWell();
    const ended = await over(made, STOP, { requestedBy: risk.subject });

    await reviewed(made, ended);

    const { openedAt, dueAt, initiators } = await reviewOf(made, RUN);
    assert.equal(Date.parse(dueAt) - Date.parse(openedAt), 72 * 3_600_000);
    assert.deepEqual(initiators, ['sub-trader', 'sub-risk']);
  });

  it('stands in the ledger state by state, with the digest of everything that it wrote', async () => {
    const { made, ended } = await stoppedWell();

    const step = await reviewed(made, ended);

    const own = made.store.storyOf(ended.strategyId).filter((type) => type.startsWith('review.'));
    assert.deepEqual(
      own,
      ['opened', 'audited', 'summarised', 'issues-filed', 'closed'].map((what) => `review.${what}`),
    );
    const [audited, summarised] = [...payloadsOf(made, 'review.audited'), ...payloadsOf(made, 'review.summarised')];
    assert.equal(audited?.['report'], digestOfBytes(fileIn(made, `${RUN}/review/audit.json`)));
    assert.equal(Object(summarised?.['summary']).hash, digestOfBytes(fileIn(made, `${RUN}/summary.md`)));
    assert.deepEqual(payloadsOf(made, 'review.opened')[0], {
      ...{ reviews: RUN, endedBy: STOP },
      dueAt: (await reviewOf(made, RUN)).dueAt,
    });
    assert.ok(step.runId.startsWith('review-btc-momentum-20261124-'));
  });

  it('writes nothing more when any state is repeated, or all of them', async () => {
    const { made, ended } = await stoppedWell();
    const step = await reviewed(made, ended);
    const [files, story] = [new Map(made.evidence.files), made.store.storyOf(ended.strategyId)];
    made.pass(60_000);

    for (const act of STEPS) await act(step, reviewPorts(made));
    for (const act of STEPS.toReversed()) await act(step, reviewPorts(made));

    for (const [key, bytes] of files) assert.deepEqual(made.evidence.files.get(key), bytes);
    assert.deepEqual(
      made.store.storyOf(ended.strategyId).filter((type) => type.startsWith('review.')),
      story.filter((type) => type.startsWith('review.')),
    );
  });

  it('goes on where a broken one ended: every state may lose its race, and may be asked twice', async () => {
    const { made, ended } = await stoppedWell();
    const review = (await startReview(ended, made.ports)) ?? assert.fail();
    const step = { strategyId: review.strategyId, runId: review.id, epoch: review.epoch };

    for (const act of STEPS) {
      made.store.losing = 2;
      await act(step, reviewPorts(made));
      await act(step, reviewPorts(made));
    }

    const { status, findings } = await reviewOf(made, RUN);
    assert.deepEqual([status, findings], ['closed', []]);
    const own = made.store.storyOf(ended.strategyId).filter((type) => type.startsWith('review.'));
    assert.equal(new Set(own).size, own.length);
  });

  it('shows summary, people and how it stands in one page, and lists what is open by itself', async () => {
    const { made, ended } = await stoppedWell();
    await reviewed(made, ended);

    const { page, overdue, folder } = await viewReview(RUN, made.ports);

    assert.ok(page.startsWith(fileIn(made, 'summary.md').trimEnd()));
    assert.match(page, /5 of 5 signatures verify. 0 findings. Closed at .* by service:review: nothing was found/);
    assert.deepEqual([overdue, folder.endsWith(`/${RUN}/`)], [false, true]);
    const [all, open] = await Promise.all([listReviews({}, made.ports), listReviews({ status: 'open' }, made.ports)]);
    assert.deepEqual([all.map(({ id }) => id), open], [[RUN], []]);
  });

  it('refuses a machine that was started by hand, and a review of nothing', async () => {
    const { made, ended } = await stoppedWell();
    const step = { strategyId: ended.strategyId, runId: ended.id, epoch: 0 };

    await assert.rejects(STEPS[0]({ ...step, runId: 'by-hand' as never }, reviewPorts(made)), { name: 'NoIntent' });
    await assert.rejects(STEPS[0](step, reviewPorts(made)), {
      name: 'NoIntent',
      message: /names no run that it reviews/,
    });
    await assert.rejects(viewReview(RUN, made.ports), { name: 'UnknownRun' });
  });

  it('waits for messages that are on their way, for two minutes after the end, and then says how far they got', async () => {
    const { made, ended } = await stoppedWell();
    const [delivery] = await made.store.list('DELIVERY', { limit: 1 });
    const waiting = { ...(delivery ?? assert.fail()), status: 'waiting' as const };
    await made.store.put({ kind: 'DELIVERY', record: waiting });

    await assert.rejects(reviewed(made, ended), { name: 'EvidenceUnderWay', message: /1 messages of the run/ });
    made.pass(121_000);
    await reviewed(made, ended);

    const { findings } = await reviewOf(made, RUN);
    assert.deepEqual(
      findings?.map(({ code, where }) => [code, where]),
      [['delivery-failed', waiting.id]],
    );
  });

  it('waits for messages that the courier has not taken up yet', async () => {
    const { made, ended } = await stoppedWell();
    const of = async () => made.store.list('DELIVERY', { limit: 100 });
    const [untold] = await of();
    for (const { id, message } of await of())
      if (message === untold?.message) made.store.records.delete(`DELIVERY#${id}`);

    await assert.rejects(reviewed(made, ended), {
      name: 'EvidenceUnderWay',
      facts: { waiting: [untold?.message] },
    });
    await everybodyTold(made);

    assert.ok(await reviewed(made, ended));
  });

  it('waits for the state before, where its file is not there yet', async () => {
    const { made, ended } = await stoppedWell();
    const step = await reviewed(made, ended);
    for (const key of [...made.evidence.files.keys()]) if (key.includes('/review/')) made.evidence.files.delete(key);

    for (const act of STEPS.slice(3, 6))
      await assert.rejects(act({ ...step, runId: step.runId }, reviewPorts(made)), { name: 'EvidenceUnderWay' });
  });

  it('stays open for people where it found something, with an issue for each finding', async () => {
    const { made, ended } = await stoppedWell();
    for (const key of [...made.evidence.files.keys()])
      if (key.endsWith('/go-no-go.json')) made.evidence.files.delete(key);

    await reviewed(made, ended);

    const { status, findings = [], findingCount } = await reviewOf(made, RUN);
    assert.deepEqual(
      [status, findingCount, findings.map(({ code }) => code)],
      ['open', 2, ['evidence-missing', 'evidence-missing']],
    );
    assert.match(fileIn(made, 'retrospective/01-evidence-missing.md'), /^# Evidence of the run is missing\n/);
    assert.match(fileIn(made, 'retrospective/02-evidence-missing.md'), /go-no-go.json is not there/);
    assert.deepEqual(payloadsOf(made, 'review.issues-filed')[0]?.['codes'], ['evidence-missing']);
    assert.equal(payloadsOf(made, 'review.closed').length, 0);
    assert.match((await viewReview(RUN, made.ports)).page, /Open, due /);
  });

  it('finds an entry that somebody has changed in the store, and believes nothing in it', async () => {
    const { made, ended } = await stoppedWell();
    const log = made.store.logs.get(ended.strategyId) ?? assert.fail();
    const at = log.findIndex(({ text }) => text.includes('"type":"approval.signed"'));
    const tampered = (log[at]?.text ?? '').replace('sub-trader', 'sub-mallor');
    made.store.logs.set(ended.strategyId, log.with(at, { ...(log[at] ?? assert.fail()), text: tampered }));

    await reviewed(made, ended);

    const { findings = [], status } = await reviewOf(made, RUN);
    assert.deepEqual([status, findings[0]?.code, findings[0]?.where], ['open', 'log-altered', `entry ${at}`]);
    const [audited] = payloadsOf(made, 'review.audited');
    assert.deepEqual(Object(audited?.['failures'])[0], {
      requirement: `entry ${at}`,
      verdict: 'failed',
      why: 'is not what was written',
    });
  });

  it('tells a page before its machine has written anything', async () => {
    const { made, ended } = await stoppedWell();
    const step = await reviewed(made, ended);
    const review = await reviewOf(made, RUN);
    const { audit: _audit, findingCount: _count, findings: _findings, summary: _summary, ...bare } = review;
    await made.store.put({ kind: 'REVIEW', record: { ...bare, status: 'open', dueAt: START.toISOString() } });
    for (const key of [...made.evidence.files.keys()]) if (key.endsWith('summary.md')) made.evidence.files.delete(key);

    const { page, overdue } = await viewReview(RUN, made.ports);

    assert.match(
      page,
      /It is not written yet.*The audit is not done yet. Findings are not known yet. Open, and overdue since/s,
    );
    assert.equal(overdue, true);
    made.store.records.delete(`RUN#${RUN}`);
    assert.deepEqual([(await viewReview(RUN, made.ports)).folder, step.strategyId], ['', ended.strategyId]);
  });

  it('makes no record of a review that is not there: the ledger tells it all the same', async () => {
    const { made, ended } = await stoppedWell();
    const step = await reviewed(made, ended);
    await over(made, step.runId);
    made.store.records.delete(`REVIEW#${RUN}`);
    for (const key of [...made.store.records.keys()])
      if (key.startsWith(`COMMAND#${step.runId}`)) made.store.records.delete(key);

    for (const act of STEPS.slice(3)) await act(step, reviewPorts(made));

    assert.equal(made.store.records.has(`REVIEW#${RUN}`), false);
  });
});
