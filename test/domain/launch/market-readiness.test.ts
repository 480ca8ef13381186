import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { checkMarketReadiness } from '../../../domain/launch/check-market-readiness.ts';
import { refusalOf } from '../../../domain/launch/finding.ts';
import { marketReadinessGate } from '../../../domain/launch/market-readiness-gate.ts';
import { releaseDeployment } from '../../../domain/launch/release-deployment.ts';
import { requirePreconditions } from '../../../domain/launch/require-preconditions.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import type { Halt } from '../../../domain/market/halt.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { shippedCalendar, storedCalendar } from '../../fakes/calendars.ts';
import { sign, untilFlip } from '../../fakes/launch-steps.ts';
import { toldIn } from '../../fakes/told.ts';
import { launching, REGISTRATION, RUN, START, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';

const halt = (more: Partial<Halt> = {}): Halt => ({
  ...{ id: 'halt-0123456789ab', reason: 'outage', since: '2026-11-24T10:00:00.000Z', source: 'person' },
  ...{ by: ActorId.parse('sub-sre'), ...more },
});
const judged = (mic: string, now: string, more: object = {}) =>
  checkMarketReadiness({
    venues: [{ mic, stored: storedCalendar(shippedCalendar(mic)), halts: [] }],
    ...{ instruments: [], leadMinutes: 120, now: new Date(now), ...more },
  });
const verdictAt = (mic: string, now: string, leadMinutes = 120) => judged(mic, now, { leadMinutes })[0]?.verdict;

describe('checkMarketReadiness', () => {
  it('goes while a venue is open, and says until when, in UTC and on its own clocks', () => {
    const [found] = judged('XNYS', '2026-11-25T15:00:00Z');

    assert.deepEqual([found?.verdict, found?.check], ['go', 'venue.XNYS']);
    assert.equal(found?.actual, 'open until 2026-11-25T21:00:00.000Z (2026-11-25 16:00 -05:00 America/New_York)');
    assert.equal(found?.evidence.hash, digestOf(shippedCalendar('XNYS')));
    assert.equal(judged('XSIM', '2026-11-25T15:00:00Z')[0]?.actual, 'open around the clock');
  });

  it('postpones on a holiday, names it, and says when the venue opens', () => {
    const [found] = judged('XNYS', '2026-11-26T15:00:00Z');

    assert.deepEqual(
      [found?.verdict, found?.code, found?.until],
      ['postpone', 'LaunchPostponed', '2026-11-27T14:30:00.000Z'],
    );
    assert.equal(
      found?.actual,
      'closed (Thanksgiving Day); it opens at 2026-11-27T14:30:00.000Z (2026-11-27 09:30 -05:00 America/New_York)',
    );
  });

  it('goes from the launch lead on before the open, where orders start; not a minute earlier', () => {
    assert.deepEqual(
      ['2026-11-27T12:29:00Z', '2026-11-27T12:30:00Z', '2026-11-27T14:29:59Z'].map((at) => verdictAt('XNYS', at)),
      ['postpone', 'go', 'go'],
    );
    assert.match(
      String(judged('XNYS', '2026-11-27T13:00:00Z')[0]?.actual),
      /^closed; it opens at .*: orders start at the open$/,
    );
  });

  it('takes the lead from the policy: none at all waits for the open itself', () => {
    assert.deepEqual(
      [verdictAt('XNYS', '2026-11-27T14:29:59Z', 0), verdictAt('XNYS', '2026-11-27T14:30:00Z', 0)],
      ['postpone', 'go'],
    );
    assert.equal(verdictAt('XNYS', '2026-11-27T02:30:00Z', 720), 'go');
  });

  it('waits for the end of a lunch break and of a daily break as for any other open', () => {
    assert.deepEqual(
      [verdictAt('XTKS', '2026-11-24T03:00:00Z'), verdictAt('XCME', '2026-11-23T22:30:00Z')],
      ['go', 'go'],
    );
    assert.equal(verdictAt('XTKS', '2026-11-24T03:00:00Z', 15), 'postpone');
  });

  it('is a no-go without a calendar, beyond what it covers, and where it knows of no opening', () => {
    const nothing = checkMarketReadiness({
      venues: [{ mic: 'XXXX', stored: undefined, halts: [] }],
      ...{ instruments: [], leadMinutes: 120, now: START },
    });
    const found = [nothing, judged('XNYS', '2029-01-08T15:00:00Z'), judged('XNYS', '2028-12-29T22:00:00Z')];

    assert.deepEqual(
      found.map(([each]) => [each?.verdict, each?.hard, each?.code]),
      Array.from({ length: 3 }, () => ['no-go', true, 'CalendarNotCovering']),
    );
    assert.equal(nothing[0]?.actual, 'without a calendar in config/venues');
  });

  it('warns thirty days before a calendar ends, and holds nobody up for it', () => {
    const warned = (now: string) => judged('XLON', now).filter(({ check }) => check === 'calendar.XLON');

    assert.deepEqual(warned('2028-11-30T12:00:00Z'), []);
    assert.deepEqual(
      warned('2028-12-01T12:00:00Z').map(({ verdict, actual }) => [verdict, actual]),
      [['warn', 'over on 2028-12-31: add the next year']],
    );
  });

  it('postpones for each halt that stands, and says who knows until when', () => {
    const until = '2026-11-24T15:00:00.000Z';
    const venues = [{ mic: 'XSIM', stored: storedCalendar(shippedCalendar('XSIM')), halts: [halt(), halt({ until })] }];

    const [open, ...halts] = checkMarketReadiness({ venues, instruments: [], leadMinutes: 120, now: START });

    assert.equal(open?.verdict, 'go');
    assert.deepEqual(
      halts.map((each) => [each.check, each.verdict, each.until]),
      [
        ['halt.XSIM', 'postpone', undefined],
        ['halt.XSIM', 'postpone', until],
      ],
    );
    assert.equal(
      halts[1]?.actual,
      `halted since 2026-11-24T10:00:00.000Z (halt-0123456789ab): outage; until ${until} (2026-11-24 15:00 +00:00 UTC)`,
    );
  });

  it('lets halts go by that ended, and those of instruments that the strategy may not trade', () => {
    const halts = [
      halt({ endedAt: '2026-11-24T11:00:00.000Z' }),
      halt({ instrument: 'ETH-PERP' }),
      halt({ instrument: 'BTC-PERP' }),
    ];
    const checksFor = (instruments: string[] | undefined) =>
      checkMarketReadiness({
        venues: [{ mic: 'XSIM', stored: undefined, halts }],
        instruments,
        leadMinutes: 0,
        now: START,
      })
        .slice(1)
        .map(({ check }) => check);

    assert.deepEqual(checksFor(['BTC-PERP']), ['halt.XSIM.BTC-PERP']);
    assert.deepEqual(checksFor([]), []);
    assert.deepEqual(checksFor(undefined), ['halt.XSIM.ETH-PERP', 'halt.XSIM.BTC-PERP']);
  });

  it('tells the end of a halt in UTC where the venue has no calendar', () => {
    const venues = [{ mic: 'XXXX', stored: undefined, halts: [halt({ until: '2026-11-24T15:00:00.000Z' })] }];
    const found = checkMarketReadiness({ venues, instruments: [], leadMinutes: 0, now: START });

    assert.match(String(found[1]?.actual), /outage; until 2026-11-24T15:00:00\.000Z$/);
  });
});

describe('marketReadinessGate', () => {
  async function gateWith(halts: Halt[], change: (made: ReturnType<typeof world>) => void = () => undefined) {
    const made = world();
    made.store.records.set('HALT#XSIM', { kind: 'HALT', record: { id: 'XSIM', halts, at: START.toISOString() } });
    change(made);
    return marketReadinessGate({ strategyId: STRATEGY }, made.ports);
  }

  it('goes where every venue of the strategy is open and nothing is halted', async () => {
    const gate = await marketReadinessGate({ strategyId: STRATEGY }, world().ports);

    assert.deepEqual([gate.gate, gate.verdict, gate.findings.length], ['market readiness', 'go', 1]);
  });

  it('postpones the launch while a venue is halted, and tells until when', async () => {
    const gate = await gateWith([halt({ until: '2026-11-24T15:00:00.000Z' })]);

    assert.deepEqual([gate.verdict, refusalOf([gate])?.name], ['postpone', 'LaunchPostponed']);
    assert.match(String(refusalOf([gate])?.next), /2026-11-24T15:00:00\.000Z/);
  });

  it('looks up what the strategy may trade when an instrument is halted', async () => {
    assert.equal((await gateWith([halt({ instrument: 'ETH-PERP' })])).verdict, 'go');
    assert.equal((await gateWith([halt({ instrument: 'BTC-PERP' })])).verdict, 'postpone');
  });

  it('takes every halted instrument for one of the strategy while nobody can tell', async () => {
    const gate = await gateWith([halt({ instrument: 'ETH-PERP' })], (made) =>
      made.evidence.files.delete(manifestKey(STRATEGY)),
    );

    assert.equal(gate.verdict, 'postpone');
  });

  it('fails where the store of evidence fails, rather than guess', async () => {
    const failing = gateWith([halt({ instrument: 'ETH-PERP' })], (made) => {
      made.evidence.read = () => Promise.reject(new Error('the store is away'));
    });

    await assert.rejects(failing, /the store is away/);
  });

  it('is a no-go for a venue that lost its calendar', async () => {
    const gate = await gateWith([], (made) => made.store.records.delete('CALENDAR#XSIM'));

    assert.deepEqual([gate.verdict, refusalOf([gate])?.name], ['no-go', 'CalendarNotCovering']);
    assert.equal(REGISTRATION.policy.launchLeadMinutes, 120);
  });
});

describe('a postponed launch', () => {
  it('is released whole, and #trading-ops is told when the venue opens', async () => {
    const made = await launching();
    const halts = [halt({ until: '2026-11-24T15:00:00.000Z' })];
    made.store.records.set('HALT#XSIM', { kind: 'HALT', record: { id: 'XSIM', halts, at: START.toISOString() } });
    const gate = await marketReadinessGate(made.step, made.ports);
    const refusal = await requirePreconditions({ ...made.step, gates: [gate] }, made.ports).catch(
      (error: Refusal) => error,
    );
    assert.ok(refusal instanceof Refusal);

    const { name, message, next, facts } = refusal;
    const Cause = JSON.stringify({ errorMessage: JSON.stringify({ message, next, facts }) });
    await releaseDeployment({ ...made.step, failure: { Error: name, Cause } }, made.ports);

    const run = await made.store.get('RUN', RUN);
    const [told, ...more] = toldIn(made, 'launch-postponed');
    assert.deepEqual(
      [stateOf(made).mode, stateOf(made).lock, run?.failure?.code],
      ['OFF', undefined, 'LaunchPostponed'],
    );
    assert.match(String(run?.summary), /^postponed: market readiness: halt\.XSIM is halted/);
    assert.deepEqual([told?.channel, more], ['#trading-ops', []]);
    assert.match(String(told?.text), /^Launch of btc-momentum postponed: .*outage; until 2026-11-24T15:00:00\.000Z/);
  });
});

describe('a halt that begins while a launch is under way', () => {
  const haltNow = (made: ReturnType<typeof world>) =>
    made.store.records.set('HALT#XSIM', {
      kind: 'HALT',
      record: { id: 'XSIM', halts: [halt()], at: START.toISOString() },
    });

  it('stops the flip, signed or not: nothing is armed and the flag stays off', async () => {
    const made = await launching();
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    haltNow(made);

    await assert.rejects(armAndEnable(made.step, made.ports), {
      name: 'LaunchPostponed',
      message: /halt\.XSIM is halted/,
    });

    assert.equal(made.flags.live, false);
    assert.deepEqual(made.store.storyOf(STRATEGY).includes('launch.enabled'), false);
  });
});
