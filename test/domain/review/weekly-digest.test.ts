import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { IsoWeek, isoWeekOf, weekBefore, weekTimes } from '../../../domain/review/iso-week.ts';
import { readDigest } from '../../../domain/review/read-digest.ts';
import { digestKey, sendDigest } from '../../../domain/review/send-digest.ts';
import { type DigestFacts, weeklyDigest } from '../../../domain/review/weekly-digest.ts';
import { messagesIn } from '../../fakes/told.ts';
import { STRATEGY, type World, world } from '../../fakes/world.ts';
import { killed } from '../kill/kill-at-its-end.ts';
import { fileIn, storedIn } from './a-review.ts';

describe('an ISO week', () => {
  for (const [at, week] of [
    ['2026-11-24T12:00:00Z', '2026-W48'],
    ['2026-11-29T23:59:59Z', '2026-W48'],
    ['2026-11-30T00:00:00Z', '2026-W49'],
    ['2027-01-03T12:00:00Z', '2026-W53'],
    ['2027-01-04T00:00:00Z', '2027-W01'],
    ['2025-12-29T00:00:00Z', '2026-W01'],
  ] as const)
    it(`${week} holds ${at}`, () => assert.equal(isoWeekOf(new Date(at)), week));

  it('begins on a Monday, lasts seven days, and is that of every moment in it', () =>
    fc.assert(
      fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (at) => {
        const week = isoWeekOf(at);
        const { from, to } = weekTimes(week);

        assert.equal(new Date(from).getUTCDay(), 1);
        assert.equal(Date.parse(to) - Date.parse(from), 7 * 86_400_000);
        assert.ok(from <= at.toISOString() && at.toISOString() < to);
        assert.equal(isoWeekOf(new Date(Date.parse(to))) === week, false);
        assert.equal(IsoWeek.parse(week), week);
      }),
      { seed: 7, numRuns: 200 },
    ));

  for (const week of ['2026-W00', '2026-W54', '2025-W53', '2026-48', 'W48', ''])
    it(`is not '${week}'`, () => assert.equal(IsoWeek.safeParse(week).success, false));

  it('before another is the last one that is over', () =>
    assert.equal(weekBefore(new Date('2026-11-30T00:00:00Z')), '2026-W48'));
});

const AT = '2026-11-25T10:00:00.000Z';
const LATER = '2026-11-30T00:00:00.000Z';
const found = (code: string) => ({ code, severity: 'critical', what: `what of <${code}>`, where: 'entry 7' });
const review = (id: string, changes: object = {}) => ({
  ...{
    id,
    strategyId: STRATEGY,
    status: 'open',
    run: 'r',
    endedBy: 'e',
    initiators: [],
    annotations: 0,
    openedAt: AT,
    dueAt: LATER,
  },
  ...changes,
});
const facts = (given: object = {}): DigestFacts =>
  ({
    week: '2026-W48',
    now: new Date('2026-11-30T06:00:00Z'),
    overrides: [],
    reviews: [],
    runs: [],
    strategies: [],
    deliveries: [],
    ...given,
  }) as DigestFacts;

describe('the digest of a week', () => {
  it('says of an empty week that there was nothing, kind by kind', () => {
    const { page, counts, lines } = weeklyDigest(facts());

    assert.match(page, /^# Digest of week 2026-W48\n\nFrom 2026-11-23T00:00:00.000Z to 2026-11-30T00:00:00.000Z/);
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      0,
    );
    assert.equal(lines.split('\n').length, 8);
  });

  const override = {
    id: 'o',
    strategyId: STRATEGY,
    requestedBy: 'sub-x',
    at: AT,
    findings: [{ check: 'ci.age' }],
    reason: 'why',
  };
  const run = { id: 'k', requestedBy: 'sub-x', startedAt: AT, failure: { code: 'NoGo', message: 'm' } };
  const delivery = { id: 'd', trigger: 'kill-switch', channel: 'mail', at: AT, status: 'failed' };
  for (const [title, given, outside] of [
    ['overrides', { overrides: [override] }, { overrides: [{ ...override, at: LATER }] }],
    [
      'late confirmations',
      { reviews: [review('a', { status: 'closed', findings: [found('kill-confirmed-late')] })] },
      { reviews: [review('a', { status: 'closed', openedAt: LATER, findings: [found('kill-confirmed-late')] })] },
    ],
    [
      'failed verifications',
      { reviews: [review('a', { status: 'closed', findings: [found('signature-invalid')] })] },
      { reviews: [review('a', { status: 'closed', findings: [found('lease-lost')] })] },
    ],
    [
      'kills without a second person now',
      { strategies: [{ id: STRATEGY, latch: { runId: 'k', initiatedBy: 'sub-x', at: AT } }] },
      { strategies: [{ id: STRATEGY, latch: { runId: 'k', confirmedBy: 'sub-y' } }, { id: 'x' }] },
    ],
    [
      'runs that failed',
      { runs: [run] },
      {
        runs: [
          { ...run, failure: undefined },
          { ...run, startedAt: LATER },
        ],
      },
    ],
    [
      'messages that failed',
      { deliveries: [delivery] },
      {
        deliveries: [
          { ...delivery, status: 'acknowledged' },
          { ...delivery, status: 'waiting' },
          { ...delivery, at: LATER },
        ],
      },
    ],
  ] as const)
    it(`counts ${title} of that week, and of no other`, () => {
      const [within, without] = [weeklyDigest(facts(given)), weeklyDigest(facts(outside))];

      assert.deepEqual([within.counts[title], without.counts[title]], [1, 0]);
      assert.match(within.lines, new RegExp(`^${title}: 1$`, 'm'));
      assert.match(within.page, new RegExp(`## ${title}: 1\n`));
    });

  it('tells what is open and what is overdue now, of whatever week', () => {
    const { counts } = weeklyDigest(
      facts({
        reviews: [
          review('a', { dueAt: AT, openedAt: '2026-10-01T00:00:00.000Z' }),
          review('b', { dueAt: '2026-12-24T00:00:00.000Z', findingCount: 2 }),
          review('c', { status: 'closed' }),
        ],
      }),
    );

    assert.deepEqual([counts['reviews open now'], counts['reviews overdue now']], [2, 1]);
  });

  it('tells a finding that stands nowhere in particular', () => {
    const { where: _where, ...bare } = found('signature-missing');

    assert.match(
      weeklyDigest(facts({ reviews: [review('a', { findings: [bare] })] })).page,
      /\| a \| what of .* \| {2}\|/,
    );
  });

  it('is bounded, and lets nobody write into it', () => {
    const many = Array.from({ length: 300 }, (_, at) => ({
      ...override,
      id: `o${at}`,
      reason: '| <script> | [link](http://evil)',
    }));

    const { page, lines } = weeklyDigest(facts({ overrides: many }));

    assert.match(page, /100 more are left out/);
    assert.doesNotMatch(page, /[^\\]<script|[^\\]\[link/);
    assert.ok(lines.length < 500);
  });
});

const send = ({ ports }: World) => sendDigest({ ...ports, digests: ports.evidence });

describe('the weekly message to Compliance', () => {
  /** A control plane whose log `desk` has begun long ago. */
  const since = async (begun: string, now: string) => {
    const made = world();
    await made.store.append(
      LogId.parse('desk'),
      [{ type: 'calendar.registered', actor: 'service:deployment' as never, payload: {} }],
      new Date(begun),
    );
    made.clock.now = new Date(now);
    return made;
  };

  it('goes out once, from Monday six o’clock on, with a file and an entry beside it', async () => {
    const made = await since('2026-10-01T00:00:00Z', '2026-11-30T05:59:59Z');
    assert.equal(await send(made), '2026-W47');
    made.clock.now = new Date('2026-11-30T06:00:00Z');

    assert.deepEqual([await send(made), await send(made)], ['2026-W48', undefined]);

    assert.match(fileIn(made, digestKey('2026-W48')), /^# Digest of week 2026-W48/);
    assert.deepEqual(
      messagesIn(made, 'digest')
        .map(({ id, facts: told }) => [id, told['week']])
        .toSorted(),
      [
        ['desk/digest/2026-W47', '2026-W47'],
        ['desk/digest/2026-W48', '2026-W48'],
      ],
    );
    assert.deepEqual(
      storedIn(made, 'desk').map(({ entry }) => entry.type),
      ['calendar.registered', 'digest.filed', 'digest.filed'],
    );
  });

  it('is one message when the sweep was away for weeks', async () => {
    const made = await since('2026-10-01T00:00:00Z', '2026-11-30T12:00:00Z');
    await send(made);
    made.clock.now = new Date('2026-12-24T12:00:00Z');

    assert.equal(await send(made), '2026-W51');

    assert.equal(messagesIn(made, 'digest').length, 2);
  });

  it('tells nothing of a week in which there was no control plane', async () => {
    assert.equal(await send(await since('2026-11-30T00:00:00Z', '2026-11-30T12:00:00Z')), undefined);
    assert.equal(await send(world()), undefined);
  });

  it('keeps the file of a try whose entry got lost, and tells what that says', async () => {
    const made = await since('2026-10-01T00:00:00Z', '2026-11-30T12:00:00Z');
    await made.evidence.createOnce(digestKey('2026-W48'), '# as it was\n');

    await send(made);

    assert.equal(fileIn(made, digestKey('2026-W48')), '# as it was\n');
  });

  it('is made of what stands in the records', async () => {
    const made = world();
    await killed(made);

    const { counts } = await readDigest('2026-W48', made.ports);

    assert.equal(counts['kills without a second person now'], 1);
  });
});
