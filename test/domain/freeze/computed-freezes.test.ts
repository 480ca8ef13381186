import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Run } from '../../../domain/control-record.ts';
import { computedFreezes } from '../../../domain/freeze/computed-freezes.ts';
import { spentOf } from '../../../domain/freeze/error-budget.ts';
import { isSoft } from '../../../domain/freeze/freeze.ts';
import { ReleaseWindow, windowAt } from '../../../domain/freeze/release-window.ts';
import { RunId, StrategyId } from '../../../domain/ids.ts';
import { PostMortem } from '../../../domain/post-mortem/post-mortem.ts';
import { Policy } from '../../../domain/registration.ts';
import { REGISTRATION, START, STRATEGY } from '../../fakes/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const before = (ms: number) => new Date(START.getTime() - ms).toISOString();
let runs = 0;
const run = (machine: Run['machine'], ago: number, code?: string): Run => {
  runs += 1;
  return {
    ...{ id: RunId.parse(`${machine}-${runs}`), machine, strategyId: STRATEGY, epoch: 0, status: 'FAILED' },
    ...{ requestedBy: 'sub-trader' as Run['requestedBy'], startedAt: before(ago), request: {}, summary: '' },
    ...(code !== undefined && { failure: { code, message: 'no' } }),
  };
};
const facts = (given: Partial<Parameters<typeof computedFreezes>[1]>) => ({
  ...{ runs: [], drills: new Set<string>(), postMortems: [], reviews: [], now: START },
  ...given,
});
const withPolicy = (policy: object) => ({ ...REGISTRATION, policy: { ...REGISTRATION.policy, ...policy } });

describe('a strategy without agreements', () => {
  it('is frozen by none of them', () =>
    assert.deepEqual(computedFreezes(REGISTRATION, facts({ runs: [run('kill', HOUR)] })), []));
});

describe('the release window', () => {
  const window: ReleaseWindow = {
    ...{ timeZone: 'Europe/London', days: ['MON', 'TUE', 'WED', 'THU'], from: '08:00', to: '16:00' },
  };
  const at = (time: string) => computedFreezes(withPolicy({ releaseWindow: window }), facts({ now: new Date(time) }));

  for (const [time, frozen, what] of [
    ['2026-11-24T08:00:00Z', 0, 'from its first minute'],
    ['2026-11-24T15:59:59Z', 0, 'to its last'],
    ['2026-11-24T16:00:00Z', 1, 'and not at its end'],
    ['2026-11-24T07:59:59Z', 1, 'nor before it'],
    ['2026-11-27T12:00:00Z', 1, 'nor on another day'],
    ['2026-07-14T07:30:00Z', 0, 'by summer time in summer'],
    ['2026-07-14T15:30:00Z', 1, 'by summer time at its end, too'],
  ] as const)
    it(`is open ${what} (${time})`, () => assert.equal(at(time).length, frozen));

  it('is soft: an agreement, which two designated people may override; it says the time as people there know it', () => {
    const [freeze] = at('2026-11-27T12:00:00Z');

    assert.deepEqual([freeze?.id, freeze && isSoft(freeze)], ['release-window-btc-momentum', true]);
    assert.match(String(freeze?.reason), /it is FRI 12:00 Europe\/London; .* MON, TUE, WED, THU from 08:00 to 16:00/);
  });

  for (const [what, changes] of [
    ['a time zone that there is not', { timeZone: 'Europe/Atlantis' }],
    ['no day', { days: [] }],
    ['a time that is none', { from: '8:00' }],
    ['an end before its beginning', { from: '16:00', to: '08:00' }],
    ['a member that nobody knows', { until: '17:00' }],
  ] as const)
    it(`cannot have ${what}`, () => assert.equal(ReleaseWindow.safeParse({ ...window, ...changes }).success, false));

  it('is open for exactly as long each week as it says, whatever the zone and the season', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe'),
        fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        (timeZone, from) => {
          const weekly = ReleaseWindow.parse({ ...window, timeZone });
          const quarters = Array.from({ length: 7 * 96 }, (_, step) => new Date(from.getTime() + step * 900_000));
          const open = quarters.filter((now) => windowAt(weekly, now).open).length;

          assert.ok(open >= 4 * 8 * 4 - 4 && open <= 4 * 8 * 4 + 4, String(open)); // clocks change by an hour at most
        },
      ),
      { seed: 11, numRuns: 40 },
    ));
});

describe('the error budget', () => {
  const budget = { failures: 2, days: 7 };
  const freezes = (given: readonly Run[], drills: readonly string[] = []) =>
    computedFreezes(withPolicy({ errorBudget: budget }), facts({ runs: given, drills: new Set(drills) }));

  it('freezes softly once more was killed and failed than agreed, until enough of it is too old', () => {
    const spent = [run('kill', DAY), run('launch', 2 * DAY, 'SmokeOutOfTolerance'), run('launch', 3 * DAY, 'NoGo')];
    const [freeze] = freezes(spent);

    assert.deepEqual(freezes(spent.slice(1)), []);
    assert.deepEqual(
      [freeze?.since, freeze?.until, freeze && isSoft(freeze)],
      [before(DAY), before(3 * DAY - 7 * DAY), true],
    );
    assert.match(String(freeze?.reason), /3 kills and failed launches in 7 days, 2 are the budget/);
  });

  for (const [what, uncounted] of [
    ['a drill', run('kill', DAY)],
    ['a launch that went through', run('launch', DAY)],
    ['a launch that the market postponed', run('launch', DAY, 'LaunchPostponed')],
    ['a launch that was frozen: or a freeze would keep itself alive', run('launch', DAY, 'LaunchesFrozen')],
    ['a launch that somebody declined', run('launch', DAY, 'ApprovalDeclined')],
    ['a launch that nobody signed in time', run('launch', DAY, 'States.Timeout')],
    ['a stop', run('stop', DAY, 'DrainDeadlinePassed')],
    ['what is older than that', run('kill', 7 * DAY)],
    ['what another strategy did', { ...run('kill', DAY), strategyId: StrategyId.parse('eurusd-carry') }],
  ] as const)
    it(`counts no ${what.replace(/^a /, '')}`, () =>
      assert.deepEqual(
        freezes([run('kill', HOUR), run('kill', HOUR), uncounted], what === 'a drill' ? [uncounted.id] : []),
        [],
      ));

  it('is over at the time it says, and not a moment before', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10 * DAY }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 4 }),
        (ages, failures) => {
          const given = ages.map((ago) => run('kill', ago));
          const at = (now: Date) => spentOf({ failures, days: 7 }, STRATEGY, { runs: given, drills: new Set(), now });
          const { overdrawn, failures: counted } = at(START);

          assert.equal(overdrawn !== undefined, counted > failures);
          if (!overdrawn) return;
          assert.equal(at(new Date(overdrawn.until)).overdrawn, undefined);
          assert.notEqual(at(new Date(Date.parse(overdrawn.until) - 1)).overdrawn, undefined);
        },
      ),
      { seed: 7 },
    ));
});

describe('corrective actions', () => {
  const action = (due: string, done?: string) => ({
    ...{ text: `due ${due}`, owner: 'sre', due, blocking: false },
    ...(done !== undefined && { done: { evidence: done, at: START.toISOString(), by: 'sub-sre' } }),
  });
  const postMortem = (actions: object[], id = 'kill-1', strategyId: string = STRATEGY) =>
    PostMortem.parse({
      ...{ id, strategyId, edition: 1, file: 'f', digest: `sha256:${'0'.repeat(64)}`, submittedBy: 'sub-sre' },
      ...{ at: START.toISOString(), serviceOwner: 'quant', actions },
    });
  const freezes = (...postMortems: PostMortem[]) => computedFreezes(REGISTRATION, facts({ postMortems }));

  it('freeze launches from the day after they were due until they are done, and nobody overrides that', () => {
    const [freeze, ...others] = freezes(
      postMortem([action('2026-11-24'), action('2026-11-23'), action('2026-11-20', 'done'), action('2026-11-22')]),
    );

    assert.deepEqual([freeze && isSoft(freeze), freeze?.runId, others], [false, 'kill-1', []]);
    assert.match(String(freeze?.reason), /action 4 of kill-1 was due on 2026-11-22: due 2026-11-22, and 1 more/);
    assert.deepEqual(freezes(postMortem([action('2026-11-24'), action('2026-11-01', 'done')])), []);
    assert.match(String(freezes(postMortem([action('2026-11-23')]))[0]?.reason), /: due 2026-11-23$/);
  });

  it('freeze the strategy whose post-mortem names them, and no other', () =>
    assert.deepEqual(freezes(postMortem([action('2026-11-01')], 'kill-2', 'eurusd-carry')), []));
});

describe('Policy', () => {
  it('designates the SRE and the quant where it says nothing else, and never the risk officer twice', () => {
    const { overrideAuthorisers: _left, ...policy } = REGISTRATION.policy;

    assert.deepEqual(Policy.parse(policy).overrideAuthorisers, ['sre', 'quant']);
    assert.equal(Policy.safeParse({ ...policy, overrideAuthorisers: ['risk-officer'] }).success, false);
  });
});
