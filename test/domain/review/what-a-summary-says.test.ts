import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { configurationOf } from '../../../domain/review/configuration-of.ts';
import { readReviewed } from '../../../domain/review/read-reviewed.ts';
import { readTrust } from '../../../domain/review/read-trust.ts';
import { startReview } from '../../../domain/review/start-review.ts';
import { summaryPage } from '../../../domain/review/summary-page.ts';
import { RUN, risk, STRATEGY, trader } from '../../fakes/world.ts';
import { launchOf } from '../checklist/a-trading-run.ts';
import { anId, enrolled, fileIn, over, reviewed, reviewOf, reviewPorts, STEPS, stoppedWell } from './a-review.ts';
import { done, signedBy } from './audited.ts';

describe('the summary', () => {
  it('is the same from the same facts, cuts a book of entries, and lets nobody write into it', async () => {
    const { made, ended } = await stoppedWell();
    await reviewed(made, ended);
    const launch = await launchOf(made);
    const read = await readReviewed(launch, made.ports);
    const evil = '| <b> | [x](http://evil) |\n# heading';
    const entry = { ...(read.entries[0] ?? assert.fail()) };
    const book = Array.from({ length: 2_500 }, (_, index) => ({
      ...entry,
      index,
      entry: { ...entry.entry, actor: evil as never, payload: { reason: evil } },
    }));
    const runs = read.facts.runs.map((run) => ({
      ...run,
      summary: evil,
      failure: { code: 'NoGo', message: evil },
      ticket: evil,
    }));

    const page = summaryPage({ ...read, entries: book, facts: { ...read.facts, runs, timeZone: null } });

    assert.equal(summaryPage(read), fileIn(made, 'summary.md'));
    assert.match(page, /500 entries more stand in the ledger/);
    assert.doesNotMatch(page, /[^\\]<b>|[^\\]\[x|^# heading/m);
    assert.doesNotMatch(page, /\(2026-11-24 12:00 \+00:00 UTC\)/);
  });

  it('says what is not known, where facts are few', async () => {
    const { made, ended } = await stoppedWell();
    await reviewed(made, ended);
    const read = await readReviewed(await launchOf(made), made.ports);
    const bare = { deliveries: 0, acknowledged: 0, fromEvent: null, fromDetection: null, shareInTime: null };
    const waiting = { ...(read.facts.deliveries[0] ?? assert.fail()), sentAt: undefined, acknowledgedAt: undefined };

    const page = summaryPage({
      ...read,
      facts: { ...read.facts, runs: [], alertBudget: bare, deliveries: [waiting as never] },
    });

    assert.match(
      page,
      /\| ticket \| none \|\n\| asked for by \| not known \|\n\| began \| not known \|\n\| ended \| not known \|\n\| how \| not known \|/,
    );
    assert.match(page, /0 of 0 deliveries acknowledged; within five seconds of the event: none was due/);
    assert.match(page, /not sent \| not acknowledged/);
  });

  it('lists thresholds that were changed meanwhile, for the desk as for the strategy, and overrides in force', async () => {
    const { made, ended } = await stoppedWell();
    const during = new Date('2026-11-24T12:30:00.000Z');
    const entry = (type: string) => ({ type, actor: 'service:deployment' as never, payload: { digest: 'sha256:new' } });
    const before = new Date('2026-11-24T11:59:00.000Z');
    await made.store.append(LogId.parse('desk'), [entry('strategy.registered')], before);
    await made.store.append(
      LogId.parse('desk'),
      [entry('dashboard.registered'), entry('communications.registered')],
      during,
    );
    await made.store.append(LogId.parse('desk'), [entry('calendar.registered')], new Date('2026-11-24T14:00:00.000Z'));

    await reviewed(made, ended);

    const page = fileIn(made, 'summary.md');
    assert.match(
      page,
      /\| desk 5 \| 2026-11-24T12:30:00.000Z \| dashboard.registered \| service:deployment \| digest: sha256:new \|/,
    );
    assert.doesNotMatch(page, /(calendar|strategy).registered/);
  });
});

/** A gate that an override has let pass. */
const gateWith = (override: string) => ({
  ...{ gate: 'g', summary: 's', verdict: 'warn' },
  findings: [
    {
      ...{ check: 'ci.age', verdict: 'warn', hard: false, expected: '1', actual: '2', code: 'CiStale', override },
      evidence: { source: 's', observedAt: '2026' },
    },
  ],
});

describe('an override that was signed before the launch', () => {
  it('is looked for further back in the log than the run', async () => {
    const { made, ended } = await stoppedWell();
    await done(made, 'gates.judged', ended.id, { gates: [gateWith('override-1')] });

    await reviewed(made, ended);

    const { findings = [] } = await reviewOf(made, RUN);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['signature-missing', 'signature-missing', 'manual-override'],
    );
    assert.match(
      fileIn(made, 'summary.md'),
      /## Overrides in force\n\n\| entry .*\n.*\n\| \d+ \| ci.age \| override-1 \| 1 \| 2 \|/,
    );
  });

  it('verifies there, by the two who signed it', async () => {
    const { made } = await stoppedWell();
    await enrolled(made, trader, risk);
    const [launch, override] = [anId('launch-2'), anId('override-1')];
    await signedBy(made, {
      kind: 'override',
      runId: override,
      roles: ['risk-officer', 'execution-trader'],
      people: [risk, trader],
    });
    const first = await launchOf(made);
    await made.store.put({
      kind: 'RUN',
      record: { ...first, id: launch, status: 'FAILED', failure: { code: 'NoGo', message: 'no' } },
    });
    await made.store.put({
      kind: 'COMMAND',
      record: { id: `${launch}/LockDeployment`, bodyDigest: '', reply: {}, at: first.startedAt },
    });
    await done(made, 'launch.requested', launch);
    await done(made, 'gates.judged', launch, { gates: [gateWith(override)] });

    await reviewed(made, await over(made, launch, { status: 'FAILED' }));

    const { findings = [], audit } = await reviewOf(made, launch);
    assert.deepEqual([audit?.failed, audit?.verified], [0, 2]);
    assert.ok(findings.some(({ code }) => code === 'manual-override'));
    assert.match(fileIn(made, `${launch}/summary.md`), /NoGo: no/);
  });
});

describe('what was agreed and what stands beside it', () => {
  it('is told as not known where it is not there', async () => {
    const { made } = await stoppedWell();
    const bare = {
      records: {
        ...made.ports.records,
        get: async (kind: string, id: string) => (kind === 'REGISTRATION' ? made.store.get(kind, id) : undefined),
      },
    };

    const { timeZone, digests } = await configurationOf(await launchOf(made), [], {
      ...bare,
      strategies: { read: async () => undefined },
    } as never);

    assert.equal(timeZone, null);
    assert.deepEqual(digests.flatMap(({ atLaunch, now }) => [atLaunch, now]).filter((each) => each !== null).length, 1);
  });

  it('is no manifest where none is stored, or none that can be read', async () => {
    const { made } = await stoppedWell();
    const launch = await launchOf(made);

    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from('{}'));
    assert.equal((await readTrust(launch, made.ports)).manifest, undefined);
    made.evidence.files.delete(manifestKey(STRATEGY));
    assert.equal((await readTrust(launch, made.ports)).manifest, undefined);
  });

  it('is its own end where a review names none', async () => {
    const { made, ended } = await stoppedWell();
    const review = (await startReview(ended, made.ports)) ?? assert.fail();
    await made.store.put({ kind: 'RUN', record: { ...review, request: { reviews: RUN } } });
    const step = { strategyId: STRATEGY, runId: review.id, epoch: 0 };

    for (const act of STEPS) await act(step, reviewPorts(made));

    assert.equal((await reviewOf(made, RUN)).endedBy, RUN);
  });
});
