import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, killed, launchedUntil, stopPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { isRefusal } from './refused.ts';

const View = z.looseObject({
  status: z.string(),
  findings: z.array(z.looseObject({ code: z.string(), what: z.string() })).optional(),
  audit: z.looseObject({ checked: z.number(), verified: z.number(), failed: z.number() }).optional(),
  ...{ endedBy: z.string(), run: z.string(), folder: z.string(), page: z.string() },
});
type View = z.infer<typeof View>;

describe('runbook 7: after a run', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let launch = '';

  /** The review of a run, once its machine has ended. */
  const reviewOf = (run: string): Promise<View> =>
    eventually(
      `the review of ${run}`,
      async () => {
        const { status, body } = await here.ask(`/v1/runs/${run}/review`, { as: 'auditor', method: 'GET' });
        if (status !== 200) return undefined;
        const view = View.parse(body);
        return (await here.run(view.run)).status === 'RUNNING' ? undefined : view;
      },
      (view): view is View => view !== undefined,
      90_000,
    ).then((view) => View.parse(view));
  const annotate = (run: string, text: string) =>
    here.ask(`/v1/runs/${run}/review/annotations`, { as: 'quant', body: { text } });
  const close = (run: string, as: 'risk' | 'sre' | 'trader') =>
    here.ask(`/v1/runs/${run}/review/closures`, { as, body: { note: 'looked at' } });

  it('7.4: a stop begins the review of its launch, in which every second factor and signature verifies; it closes itself', async () => {
    launch = await launchedUntil(here, BTC, 'nothing: it is live');
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });
    assert.equal((await here.ended(stop, 60_000)).status, 'SUCCEEDED');

    const { endedBy, audit, findings, status } = await reviewOf(launch);

    assert.deepEqual([endedBy, findings, status], [stop, [], 'closed']);
    assert.deepEqual([audit?.failed, audit?.verified], [0, audit?.checked]);
  });

  it('7.1: the summary stands in the folder of the run, and takes annotations of 64 kB', async () => {
    assert.equal((await annotate(launch, 'it went <b>well</b>\n# no heading')).status, 200);
    assert.equal((await annotate(launch, `${'"'.repeat(65_535)}x`)).status, 200);
    isRefusal(await annotate(launch, `${'"'.repeat(65_536)}x`), 'InvalidRequest', 400);
    isRefusal(await annotate(launch, 'x'.repeat(1_000_000)), 'BodyTooLarge', 413);

    const { page, folder } = await reviewOf(launch);

    assert.match(page, /> it went \\<b\\>well\\<\/b\\>\n> \\# no heading/);
    assert.ok(page.startsWith((await here.evidence.read(`${folder}summary.md`)).trimEnd()));
    isRefusal(await close(launch, 'risk'), 'ReviewClosed', 409);
  });

  it('7.3: a kill without a reason is found, with an issue in the folder of the run that it ended', async () => {
    const run = await launchedUntil(here, EUR, 'nothing: it is live');
    const kill = await killed(here, EUR, 'trader', '');
    const question = await here.question(kill, 'kill-confirmation');
    for (const who of ['trader', 'risk'] as const) assert.equal((await answer(here, question, who)).status, 200);
    assert.equal((await here.ended(kill, 60_000)).status, 'SUCCEEDED');

    const { status, findings = [], audit, folder } = await reviewOf(run);

    const codes = findings.map(({ code }) => code);
    assert.deepEqual([status, audit?.failed], ['open', 0]);
    assert.ok(codes.includes('kill-without-reason'), codes.join());
    const issue = `${folder}retrospective/01-kill-without-reason.md`;
    assert.match(await here.evidence.read(issue), /^# A kill was given no reason/);
    isRefusal(await close(run, 'trader'), 'WrongRole', 403);
    assert.equal((await close(run, 'sre')).status, 200);
  });

  it('is listed, shown and annotated on the command line; what is too long is refused before anything is sent', async () => {
    const listed = await here.cli('review', 'ls', '--as', 'auditor');
    const shown = await here.cli('review', 'show', launch, '--as', 'auditor');
    const long = await here.cli('review', 'annotate', launch, '--text', 'x'.repeat(65_537), '--as', 'quant');
    const digest = await here.cli('review', 'digest', '--as', 'auditor');

    assert.deepEqual([listed.code, shown.code, digest.code, long.code], [0, 0, 0, 2]);
    assert.ok(listed.lines.length >= 2);
    isRefusal(
      await here.ask('/v1/reviews/digest?week=2026-W99', { as: 'auditor', method: 'GET' }),
      'InvalidRequest',
      400,
    );
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
