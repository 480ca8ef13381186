import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Course, courseOfRun } from '../../../domain/checklist/course-of-run.ts';
import { expectedMessages } from '../../../domain/checklist/expected-messages.ts';
import type { SoundEntry } from '../../../domain/checklist/sound-log.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { RUN } from '../../fakes/world.ts';

const NEXT = 'launch-btc-momentum-20261125-0123456789ab';

type Told = readonly [type: string, run?: string, payload?: object];

/** Entries of a log: type, run, payload. */
const log = (...told: readonly Told[]): SoundEntry[] =>
  told.map(([type, run, payload = {}], index) => ({
    index,
    leafHash: '',
    entry: LedgerEntry.parse({
      ...{ v: 1, log: 'btc-momentum', seq: index, type, actor: 'sub-1', payload, proofs: [] },
      at: new Date(index * 60_000).toISOString(),
      ...(run && { run }),
    }),
  }));

const indexes = ({ entries }: Course) => entries.map(({ index }) => index);

describe('courseOfRun', () => {
  it('takes everything until the stop is confirmed, and then what names the run or a part of it', () => {
    const entries = log(
      ['launch.requested', RUN],
      ['launch.live', RUN],
      ['freeze.set'],
      ['stop.requested', 'stop-1'],
      ['stop.confirmed', 'stop-1'],
      ['manifest.published'],
      ['kill.requested', 'kill-of-what-is-off'],
      ['review.opened', 'review-1', { reviews: RUN }],
      ['launch.requested', NEXT],
      ['launch.live', NEXT],
      ['review.closed', 'review-1'],
      ['approval.requested', 'attest-1', { document: { run: RUN } }],
      ['approval.signed', 'attest-1'],
      ['run.archived', RUN],
    );

    const course = courseOfRun(RUN, entries);

    assert.deepEqual(indexes(course), [0, 1, 2, 3, 4, 7, 10, 11, 12, 13]);
    assert.deepEqual([course.state, course.wasLive, course.stops, course.kills], ['stopped', true, ['stop-1'], []]);
    assert.equal(course.endedAt, entries[4]?.entry.at);
  });

  it('goes on after a kill until that is recovered, whatever its launch writes meanwhile', () => {
    const course = courseOfRun(
      RUN,
      log(
        ['launch.requested', RUN],
        ['kill.requested', 'kill-1'],
        ['launch.withdrawn', RUN],
        ['kill.reaffirmed', 'kill-2'],
        ['kill.confirmed', 'kill-1'],
        ['recovery.lifted', 'recover-1'],
        ['venue.halted'],
        ['kill.certified', 'kill-1'],
      ),
    );

    assert.deepEqual(indexes(course), [0, 1, 2, 3, 4, 5, 7]);
    assert.deepEqual([course.state, course.kills], ['killed', ['kill-1']]);
  });

  it('ends where another launch begins, as one that takes over what was left standing', () => {
    const course = courseOfRun(
      RUN,
      log(
        ['launch.requested', RUN],
        ['launch.opened', RUN],
        ['launch.requested', NEXT],
        ['launch.live', NEXT],
        ['launch.withdrawn', RUN],
      ),
    );

    assert.deepEqual([indexes(course), course.state], [[0, 1, 4], 'withdrawn']);
  });

  it('says how far a run has got', () => {
    const state = (...types: readonly string[]) =>
      courseOfRun(RUN, log(['launch.requested', RUN], ...types.map((type) => [type, RUN] as const))).state;

    assert.deepEqual(
      [state(), state('launch.live'), state('launch.live', 'stop.requested'), state('launch.withdrawn')],
      ['launching', 'live', 'stopping', 'withdrawn'],
    );
  });

  it('leaves out a stop that had nothing to stop, and what comes without a run', () => {
    const course = courseOfRun(
      RUN,
      log(['launch.requested', RUN], ['launch.withdrawn', RUN], ['stop.requested'], ['limits.applied']),
    );

    assert.deepEqual([indexes(course), course.stops], [[0, 1], []]);
  });
});

describe('expectedMessages', () => {
  const wanted = (...told: readonly Told[]) =>
    expectedMessages({ entries: log(...told) }).map(({ trigger, run }) => `${trigger} of ${run}`);

  it('are what the entries of the run call for, once each', () => {
    assert.deepEqual(
      wanted(
        ['launch.opened', RUN],
        ['launch.live', RUN],
        ['launch.live', RUN],
        ['stop.opened', 'stop-1'],
        ['gates.judged', RUN],
      ),
      [`launch-start of ${RUN}`, `launch-live of ${RUN}`, 'planned-halt of stop-1'],
    );
  });

  it('tell a launch that is postponed from one that is withdrawn', () => {
    const failure = (code: string) => ({ failure: { code } });

    assert.deepEqual(
      [
        ...wanted(['launch.withdrawn', RUN, failure('LaunchPostponed')]),
        ...wanted(['launch.withdrawn', RUN, failure('NoGo')]),
        ...wanted(['launch.withdrawn', RUN]),
        ...wanted(['launch.opened']),
      ],
      [`launch-postponed of ${RUN}`, `launch-withdrawn of ${RUN}`, `launch-withdrawn of ${RUN}`],
    );
  });
});
