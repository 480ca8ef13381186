import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { FindingCode, MEANINGS } from '../../../domain/review/finding-code.ts';
import { findingsOf, type Reviewed } from '../../../domain/review/findings-of.ts';
import { issueFile, issuePage } from '../../../domain/review/issue-page.ts';
import { readReviewed } from '../../../domain/review/read-reviewed.ts';
import type { RunFacts, RunRow } from '../../../domain/review/run-facts.ts';
import type { StoredEntry } from '../../../domain/review/stored-entry.ts';
import { RUN, STRATEGY } from '../../fakes/world.ts';
import { launchOf } from '../checklist/a-trading-run.ts';
import { reviewed as reviewedAll, stoppedWell } from './a-review.ts';
import { overridden } from './audited.ts';

/** A run in which nothing was found, and what a test adds to it. */
let clean: Reviewed;
before(async () => {
  const { made, ended } = await stoppedWell();
  await reviewedAll(made, ended);
  clean = await readReviewed(await launchOf(made), made.ports);
});

const entry = (type: string, payload: Record<string, unknown>, at = '2026-11-24T12:30:00.000Z'): StoredEntry => ({
  ...{ index: 501, leafHash: '', text: '' },
  entry: {
    ...{
      v: 1,
      log: STRATEGY as never,
      seq: 501,
      at,
      type,
      actor: 'sub-trader' as never,
      run: RUN,
      payload,
      proofs: [],
    },
  },
});
const withEntries = (...added: StoredEntry[]): Reviewed => ({ ...clean, entries: [...clean.entries, ...added] });
const withFacts = (changes: Partial<RunFacts>): Reviewed => ({ ...clean, facts: { ...clean.facts, ...changes } });
const aRun = (changes: Partial<RunRow>): RunRow => ({ ...(clean.facts.runs[1] ?? assert.fail()), ...changes });
const check = (verdict: 'missing' | 'failed' | 'gone') => ({
  item: '2.3',
  requirement: 'the launch',
  verdict,
  why: 'so it is',
  entry: 7,
  by: 'sub-x',
});
const delivery = (changes: object) => ({ ...(clean.facts.deliveries[0] ?? assert.fail()), ...changes });
const asked = (expiresAt: string, at: string) =>
  entry('approval.requested', { approval: 'a', document: { expiresAt } }, at);
const signed = (index: number, at: string, kind = 'resume') => ({
  ...entry('approval.signed', { approval: 'a', kind }, at),
  index,
});
const settled = (payload: object) =>
  entry('strategy.settled', { verdict: 'differs', differing: 0, differences: [], silent: [], ...payload });
const confirmed = (at: string): StoredEntry[] => [
  { ...entry('kill.requested', { decidedAt: '2026-11-24T12:00:00.000Z' }), index: 600 },
  { ...entry('kill.confirmed', { at }), index: 601 },
];

/** Each code: what brings it, and what its finding says. */
const BRINGS: Record<FindingCode, readonly [() => Reviewed, RegExp]> = {
  'log-altered': [
    () => ({ ...clean, audit: { ...clean.audit, altered: [{ index: 7, what: 'is no entry' }] } }),
    /entry 7 is no entry/,
  ],
  'signature-missing': [
    () => ({ ...clean, audit: { ...clean.audit, checks: [check('missing')] } }),
    /runbook 2.3, the launch: so it is \(sub-x\)/,
  ],
  'signature-invalid': [() => ({ ...clean, audit: { ...clean.audit, checks: [check('failed')] } }), /so it is/],
  'kill-confirmed-late': [
    () => withEntries(...confirmed('2026-11-24T12:16:00.000Z')),
    /confirmed 16 minutes after the kill, 15 are agreed/,
  ],
  'kill-without-reason': [
    () => withFacts({ runs: [aRun({ machine: 'kill', reason: 'not given' })] }),
    /sub-trader killed and gave no reason/,
  ],
  'signed-near-expiry': [
    () =>
      withEntries(
        asked('2026-11-24T12:30:00.000Z', '2026-11-24T12:00:00.000Z'),
        signed(502, '2026-11-24T12:28:00.000Z'),
      ),
    /resume was signed at 2026-11-24T12:28/,
  ],
  'manual-override': [() => withEntries(entry('gates.judged', overridden('override-1'))), /by the override override-1/],
  'lock-taken-over': [
    () => withEntries(entry('orchestrator.takeover', { from: 'launch-0' })),
    /the lock of launch-0 had expired/,
  ],
  'validation-failed': [
    () => withFacts({ runs: [aRun({ failure: { code: 'SmokeOutOfTolerance', message: 'too many' } })] }),
    /SmokeOutOfTolerance: too many/,
  ],
  'stop-failed': [
    () => withFacts({ runs: [aRun({ machine: 'stop', status: 'FAILED' })] }),
    /it ended FAILED: no reason is recorded/,
  ],
  'drain-deadline': [() => withEntries(entry('drain.cancelled', {})), /still rested at the deadline: drain.cancelled/],
  'settle-difference': [
    () =>
      withEntries(
        settled({ differing: 1, differences: [{ what: 'position', instrument: 'BTC-PERP', venues: 1, engines: 2 }] }),
      ),
    /position BTC-PERP: venues 1, engines 2/,
  ],
  'settle-unanswered': [
    () => withEntries(settled({ silent: [{ source: 'XSIM', why: 'it is away' }] })),
    /XSIM did not say what it holds: it is away/,
  ],
  'step-retried': [
    () => withFacts({ retried: [{ run: RUN, state: 'Settle', error: 'EngineUnreachable', times: 3 }] }),
    /'Settle' failed 3 times by EngineUnreachable/,
  ],
  'evidence-missing': [
    () => withFacts({ archive: { manifest: null, missing: ['smoke.json is not there'] } }),
    /smoke.json is not there/,
  ],
  'archive-not-linked': [
    () => withEntries(entry('archive.not-linked', { ticket: 'TP-1', problem: 'it may not write' })),
    /TP-1: it may not write/,
  ],
  'delivery-failed': [
    () => withFacts({ deliveries: [delivery({ status: 'failed', attempts: 5 })] }),
    /to #trading-ops is failed after 5 tries/,
  ],
  'delivery-escalated': [
    () => withFacts({ deliveries: [delivery({ escalatedTo: 'mail' })] }),
    /could not be told over #trading-ops and went to mail/,
  ],
  'lease-lost': [
    () => withEntries(entry('lease.expired', { instance: 'btc-momentum-1', expiredAt: '2026-11-24T12:10:00.000Z' })),
    /btc-momentum-1 had not renewed its lease by 2026-11-24T12:10/,
  ],
};

describe('findings of a review', () => {
  it('are none where nothing went wrong', () => assert.deepEqual(findingsOf(clean), []));

  for (const code of FindingCode.options)
    it(`says ${code}, what it weighs, and what to do next`, () => {
      const [reviewed, says] = BRINGS[code];

      const found = findingsOf(reviewed());

      assert.deepEqual(
        found.map((each) => each.code),
        [code],
      );
      assert.match(found[0]?.what ?? '', says);
      assert.equal(found[0]?.severity, MEANINGS[code].severity);
      assert.ok(MEANINGS[code].next.length > 20);
      const issue = { ...(found[0] ?? assert.fail()), number: 3 };
      assert.equal(issueFile(issue), `retrospective/03-${code}.md`);
      assert.match(
        issuePage(RUN, issue),
        new RegExp(`^# ${MEANINGS[code].title}\\n\\nIssue 3 of ${RUN}, code .${code}.`),
      );
    });

  it('are the same from the same run, whatever else is in it', () => {
    const both = {
      ...withEntries(entry('drain.cancelled', {}), entry('lease.expired', {})),
      facts: withFacts({ retried: [{ run: RUN, state: 'S', error: 'E', times: 9 }] }).facts,
    };

    assert.deepEqual(findingsOf(both), findingsOf(structuredClone(both)));
    assert.deepEqual(
      findingsOf(both).map(({ code }) => code),
      ['drain-deadline', 'step-retried', 'lease-lost'],
    );
  });

  for (const [what, reviewed] of [
    ['a kill that was confirmed in time', () => withEntries(...confirmed('2026-11-24T12:15:00.000Z'))],
    ['a kill with a reason', () => withFacts({ runs: [aRun({ machine: 'kill', reason: 'loss' })] })],
    [
      'a signature with time to spare',
      () =>
        withEntries(
          asked('2026-11-24T12:30:00.000Z', '2026-11-24T12:00:00.000Z'),
          signed(502, '2026-11-24T12:26:00.000Z'),
        ),
    ],
    [
      'the confirmation of a kill, which never lapses',
      () =>
        withEntries(
          asked('2026-11-24T12:30:00.000Z', '2026-11-24T12:00:00.000Z'),
          signed(502, '2026-11-24T12:29:00.000Z', 'kill-confirmation'),
        ),
    ],
    [
      'a signature whose question is not known',
      () => withEntries(signed(502, '2026-11-24T12:29:00.000Z'), entry('approval.signed', {})),
    ],
    [
      'a launch that the market postponed',
      () => withFacts({ runs: [aRun({ failure: { code: 'LaunchPostponed', message: 'closed' } })] }),
    ],
    [
      'a stop that a kill took over',
      () =>
        withFacts({
          runs: [aRun({ machine: 'stop', status: 'FAILED', failure: { code: 'StrategyKilled', message: 'killed' } })],
        }),
    ],
    [
      'books that agree, and a settlement of older days',
      () => withEntries(settled({}), entry('strategy.settled', { settled: [] })),
    ],
    ['two failures of one state', () => withFacts({ retried: [{ run: RUN, state: 'S', error: 'E', times: 2 }] })],
    [
      'a launch that names no ticket to be linked',
      () => withEntries(entry('archive.not-linked', { ticket: null, problem: 'none' })),
    ],
    [
      'an archive that was linked at the second try',
      () =>
        withEntries(entry('archive.not-linked', { ticket: 'TP-1', problem: 'down' }), {
          ...entry('archive.linked', { ticket: 'TP-1' }),
          index: 502,
        }),
    ],
  ] satisfies readonly (readonly [string, () => Reviewed])[])
    it(`are none for ${what}`, () => assert.deepEqual(findingsOf(reviewed()), []));

  it('count what the ledger counted and did not list', () => {
    const found = findingsOf(
      withEntries(settled({ differing: 3, differences: [{ what: 'cash', venues: 1, engines: 2 }] })),
    );

    assert.deepEqual(
      found.map(({ what }) => what),
      ['cash: venues 1, engines 2', '2 differences more stand in settle.json'],
    );
  });

  it('say why a stop did not get through, where that is known', () => {
    const stop = aRun({
      machine: 'stop',
      status: 'TIMED_OUT',
      failure: { code: 'OrdersResting', message: 'they rest' },
    });

    assert.deepEqual(
      findingsOf(withFacts({ runs: [stop] })).map(({ what }) => what),
      ['it ended TIMED_OUT: they rest'],
    );
  });

  it('say what an archive lacks, and what is stored no more', () => {
    const { facts } = withFacts({ archive: { manifest: null, missing: [], problem: 'the run could not be archived' } });
    const audit = { ...clean.audit, checks: [{ ...check('gone'), why: undefined, by: undefined, entry: undefined }] };

    const found = findingsOf({ ...clean, facts, audit: audit as never });

    assert.deepEqual(
      found.map(({ what }) => what),
      ['the run could not be archived', 'runbook 2.3, the launch: gone'],
    );
    assert.equal(issuePage(RUN, { ...(found[0] ?? assert.fail()), number: 1 }).includes('**Where.**'), false);
  });

  it('ask for no telemetry of a run that was live for less than two minutes', () => {
    const missing = ['telemetry.jsonl: no minute of the run was kept'];
    const facts = withFacts({ archive: { manifest: null, missing } }).facts;
    const short = clean.entries.map((stored) =>
      stored.entry.type === 'stop.requested'
        ? { ...stored, entry: { ...stored.entry, at: '2026-11-24T12:01:59.000Z' } }
        : stored,
    );
    const never = clean.entries.filter(({ entry: { type } }) => type !== 'launch.enabled');

    assert.deepEqual(findingsOf({ ...clean, facts, entries: short }), []);
    assert.equal(findingsOf({ ...clean, facts }).length, 1);
    assert.equal(findingsOf({ ...clean, facts, entries: never }).length, 1);
  });
});
