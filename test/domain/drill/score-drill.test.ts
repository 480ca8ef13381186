import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DRILL_PHASES, drillBudgets } from '../../../domain/drill/drill-budgets.ts';
import { drillPage } from '../../../domain/drill/drill-page.ts';
import { type DrillFacts, type DrillScore, scoreDrill } from '../../../domain/drill/score-drill.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { REGISTRATION } from '../../fakes/world.ts';

const RUN = 'kill-btc-momentum-20261124-0123456789ab';
const BUDGETS = drillBudgets(REGISTRATION.policy);
const DECIDED = Date.parse('2026-11-24T12:00:00.000Z');
/** So many milliseconds after the decision. */
const at = (ms: number) => new Date(DECIDED + ms).toISOString();

type Times = { latched: number; halted: number; zero: number; notified: number; confirmed: number };
const FAST: Times = { latched: 40, halted: 12, zero: 900, notified: 300, confirmed: 60_000 };

const entry = (type: string, ms: number, payload: Record<string, unknown>, seq = 0): LedgerEntry =>
  LedgerEntry.parse({
    ...{ v: 1, log: 'btc-momentum', seq, at: at(ms), type, actor: 'service:kill', run: RUN },
    ...{ payload, proofs: [] },
  });

const halts = (...instances: Record<string, unknown>[]) => ({
  latchSeenAt: at(FAST.latched),
  instances: instances.map((each, index) => ({ instanceId: `e-${index + 1}`, status: 'halted', ...each })),
});

/** What a whole drill leaves behind. */
const facts = (times: Partial<Times> = {}): DrillFacts => {
  const { latched, halted, zero, notified, confirmed } = { ...FAST, ...times };
  const told = { ...halts({ haltedAt: at(1) }, { haltedAt: at(halted) }), latchSeenAt: at(latched) };
  return {
    run: RUN,
    entries: [
      entry('kill.requested', 0, { decidedAt: at(0) }, 1),
      entry('kill.halted', halted + 5_000, told, 2),
      entry('kill.venues-empty', zero, {}, 3),
      entry('kill.confirmed', confirmed + 7, { at: at(confirmed) }, 4),
    ],
    notices: [
      { channel: '#risk', at: at(1) },
      { channel: 'on-call page', at: at(notified) },
    ],
  };
};

/** The same without the entries of one type, or with others in their place. */
const without = (type: string, ...instead: LedgerEntry[]): DrillFacts => {
  const { entries, ...rest } = facts();
  return { ...rest, entries: [...entries.filter((each) => each.type !== type), ...instead] };
};

const phaseOf = (score: DrillScore, name: string) => score.phases.find(({ phase }) => phase === name);
const failedIn = ({ phases }: DrillScore) =>
  phases.filter(({ verdict }) => verdict === 'failed').map(({ phase }) => phase);

describe('scoreDrill', () => {
  it('passes a kill that kept every budget, with every time from the decision', () => {
    const score = scoreDrill(facts(), BUDGETS);

    assert.deepEqual([score.verdict, score.decidedAt], ['passed', at(0)]);
    assert.deepEqual(
      score.phases.map(({ phase, ms, budgetMs, goalMs }) => [phase, ms, budgetMs, goalMs]),
      [
        ['latched', 40, 2_000, 12],
        ['halted', 12, 5_000, 50],
        ['venue zero', 900, 10_000, 250],
        ['notified', 300, 5_000, 1_000],
        ['confirmed', 60_000, 900_000, null],
      ],
    );
  });

  for (const [phase, times] of [
    ['latched', { latched: 2_001 }],
    ['halted', { halted: 5_001 }],
    ['venue zero', { zero: 10_001 }],
    ['notified', { notified: 5_001 }],
    ['confirmed', { confirmed: 900_001 }],
  ] as const) {
    it(`fails one whose ${phase} took a millisecond too long, and names just that`, () => {
      const score = scoreDrill(facts(times), BUDGETS);

      assert.deepEqual([score.verdict, failedIn(score)], ['failed', [phase]]);
    });
  }

  for (const [phase, missing] of [
    ['venue zero', without('kill.venues-empty')],
    ['confirmed', without('kill.confirmed')],
    ['notified', { ...facts(), notices: [{ channel: '#risk', at: at(1) }, { channel: 'on-call page' }] }],
  ] as const) {
    it(`waits for ${phase} until its budget is over; missing at the end is failed`, () => {
      const { budgetMs } = BUDGETS[phase];
      const verdicts = [new Date(at(budgetMs)), new Date(at(budgetMs + 1)), undefined].map(
        (now) => phaseOf(scoreDrill(missing, BUDGETS, now), phase)?.verdict,
      );

      assert.deepEqual(verdicts, ['pending', 'failed', 'failed']);
      assert.equal(scoreDrill(missing, BUDGETS, new Date(at(1_000))).verdict, 'pending');
    });
  }

  it('knows nothing of a kill that has not come: pending, and failed at the end', () => {
    const nothing = { run: RUN, entries: [], notices: [] };

    const [waiting, over] = [scoreDrill(nothing, BUDGETS, new Date(at(0))), scoreDrill(nothing, BUDGETS)];

    assert.deepEqual([waiting.verdict, over.verdict, over.decidedAt], ['pending', 'failed', null]);
    assert.deepEqual(failedIn(over), DRILL_PHASES);
    assert.equal(phaseOf(over, 'latched')?.says, 'the kill has not come yet');
    assert.equal(phaseOf(over, 'notified')?.says, 'nobody is to be told');
  });

  it('takes no entry of a kill for a latch that stands: it has to be read back', () => {
    const score = scoreDrill(without('kill.halted'), BUDGETS);

    assert.deepEqual(failedIn(score), ['latched', 'halted']);
    assert.equal(phaseOf(score, 'latched')?.says, 'nothing has read the latch back yet');
  });

  it('fails where one engine gave no answer, however soon the others halted, and names it', () => {
    const told = halts({ haltedAt: at(3) }, { status: 'unreachable' });

    const score = scoreDrill(without('kill.halted', entry('kill.halted', 20, told, 2)), BUDGETS);

    assert.deepEqual(failedIn(score), ['halted']);
    assert.equal(phaseOf(score, 'halted')?.says, 'e-2 gave no answer: only the lease bounds what it does');
  });

  it('counts until we knew where the clock of an engine is behind the decision, or ahead of its own answer', () => {
    for (const wrong of [-5, 90]) {
      const told = halts({ haltedAt: at(wrong) });

      const score = scoreDrill(without('kill.halted', entry('kill.halted', 80, told, 2)), BUDGETS);

      assert.equal(phaseOf(score, 'halted')?.ms, 80);
      assert.match(phaseOf(score, 'halted')?.says ?? '', /clocks disagree/);
    }
  });

  it('says of each venue that is not empty what it said last', () => {
    const answers = [
      entry('kill.venue-answered', 100, { venue: 'XSIM', resting: 5 }, 3),
      entry('kill.venue-answered', 1_100, { venue: 'XSIM', resting: 2 }, 4),
      entry('kill.venue-answered', 1_100, { venue: 'XSIF', resting: 0, unanswered: 'no reply' }, 5),
      entry('kill.venue-answered', 1_200, { what: 'this is' }, 6),
    ];

    const score = scoreDrill(without('kill.venues-empty', ...answers), BUDGETS);

    assert.equal(phaseOf(score, 'venue zero')?.says, '2 orders still rest at XSIM; XSIF gave no answer: no reply');
    assert.equal(
      phaseOf(scoreDrill(without('kill.venues-empty'), BUDGETS), 'venue zero')?.says,
      'no venue has answered yet',
    );
  });

  it('counts the confirmation by the last signature that it took', () => {
    const signatures = [{ at: at(70_000) }, { at: at(65_000) }];
    const confirmed = entry('kill.confirmed', 70_009, { at: at(65_000), signatures }, 4);

    assert.equal(phaseOf(scoreDrill(without('kill.confirmed', confirmed), BUDGETS), 'confirmed')?.ms, 70_000);
  });

  it('passes exactly where every phase was reached within its budget, whatever else is in the log and in whatever order', () => {
    const ms = (budget: number) => fc.integer({ min: 0, max: 2 * budget });
    const times = fc.record({
      latched: ms(BUDGETS.latched.budgetMs),
      halted: ms(BUDGETS.halted.budgetMs),
      zero: ms(BUDGETS['venue zero'].budgetMs),
      notified: ms(BUDGETS.notified.budgetMs),
      confirmed: ms(BUDGETS.confirmed.budgetMs),
    });
    fc.assert(
      fc.property(times, fc.boolean(), (taken, turned) => {
        const { entries, ...rest } = facts(taken);
        const foreign = { ...entry('kill.venues-empty', 0, {}, 0), run: 'another' as never };
        const all = turned ? [foreign, ...entries].toReversed() : [...entries, foreign];

        const score = scoreDrill({ ...rest, entries: all }, BUDGETS);

        const isKept =
          taken.latched <= 2_000 &&
          taken.halted <= 5_000 &&
          taken.zero <= 10_000 &&
          taken.notified <= 5_000 &&
          taken.confirmed <= 900_000;
        assert.equal(score.verdict === 'passed', isKept);
        assert.deepEqual(score, scoreDrill(facts(taken), BUDGETS));
      }),
      { seed: 20261124, numRuns: 300 },
    );
  });
});

describe('drillPage', () => {
  it('says of each phase what the score says, and keeps the words of others in their cells', () => {
    const answer = entry('kill.venue-answered', 9, { venue: 'X|<b>', resting: 0, unanswered: 'no\nreply' }, 3);
    const score = scoreDrill(without('kill.venues-empty', answer), BUDGETS);

    const page = drillPage(score, 'btc-momentum');

    assert.match(page, /^# Drill of btc-momentum: failed\n/);
    assert.match(page, /\| halted \| 12 ms \| 5000 ms \| 50 ms \| passed \| 2 of 2 engines/);
    assert.match(
      page,
      /\| venue zero \| not reached \| 10000 ms \| 250 ms \| failed \| X\\\|\\<b\\> gave no answer: no reply \|/,
    );
    assert.match(page, /\| confirmed \| 60000 ms \| 900000 ms \| - \| passed/);
    assert.match(drillPage(scoreDrill({ run: RUN, entries: [], notices: [] }, BUDGETS), 'x'), /decided at no time/);
  });
});
