import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { comparePositions, silentOf } from '../../../domain/settle/compare-holdings.ts';
import { settleBooks } from '../../../domain/settle/settle-books.ts';
import { settleLog } from '../../../domain/settle/settle-log.ts';
import { differencesOf, lineText, Settlement, settlementSummary } from '../../../domain/settle/settlement.ts';
import { settlementEntry } from '../../../domain/settle/settlement-entry.ts';
import { trader } from '../../fakes/world.ts';
import { accounts, OF, position, silent, withSilent } from './an-account.ts';

const settle = (given = accounts()) => settleBooks(given, OF);
const order = {
  ...{ orderId: 'o-1', venue: 'XSIM', instrument: 'BTC-PERP', side: 'buy' as const, quantity: 1, price: 1 },
  submittedAt: OF.at,
};

describe('settleBooks', () => {
  it('agrees when venues and instances hold the same, to the dust of binary fractions and to the cent', () => {
    const settlement = settle(
      accounts({
        venue: { positions: [position('BTC-PERP', 0.3), position('ETH-PERP', 0)], cash: 100.004 },
        engine: { positions: [position('BTC-PERP', 0.1)], cash: 40 },
        second: { positions: [position('BTC-PERP', 0.2)], cash: 60 },
      }),
    );

    assert.deepEqual([settlement.verdict, differencesOf(settlement)], ['agrees', []]);
    assert.match(settlement.tolerance.cash, /0\.01/);
    assert.match(settlementSummary(settlement), /2 instances settled/);
  });

  it('takes a cent for the same, whichever binary digits it is written in, and two for another sum', () => {
    const verdicts = [
      [100.01, 100],
      [0.02, 0.01],
      [1_000_000.01, 1_000_000],
      [100.02, 100],
    ].map(([cash, own]) => settle(accounts({ venue: { cash }, engine: { cash: own } })).verdict);

    assert.deepEqual(verdicts, ['agrees', 'agrees', 'agrees', 'differs']);
  });

  it('lists every difference, of each instrument, of cash and of orders, with both sides', () => {
    const given = accounts({
      venue: { positions: [position('BTC-PERP', 0.3), position('SOL-PERP', -4)], cash: 100 },
      engine: { positions: [position('BTC-PERP', 0.1), position('ETH-PERP', 2)], cash: 99.98, openOrders: [order] },
    });

    const settlement = settle(given);

    assert.equal(settlement.verdict, 'differs');
    assert.deepEqual(differencesOf(settlement).map(lineText), [
      'position BTC-PERP: venues 0.3, engines 0.1',
      'position ETH-PERP: venues 0, engines 2',
      'position SOL-PERP: venues -4, engines 0',
      'cash: venues 100, engines 99.98',
      'orders: venues 0, engines 1',
    ]);
    assert.equal(differencesOf(settlement).at(1)?.difference, 2);
  });

  it('names whoever says nothing, and takes none of it for equal', () => {
    const said = (who: 'venue' | 'orders' | 'engine') => {
      const { verdict, silent, compared } = settle(withSilent(accounts(), who));
      return [verdict, silent.map(({ source }) => source), compared.length];
    };

    assert.deepEqual(said('venue'), ['unknown', ['venue XSIM'], 0]);
    assert.deepEqual(said('engine'), ['unknown', ['engine btc-1'], 0]);
    assert.deepEqual(said('orders'), ['unknown', ['venue XSIM'], 1]);
  });

  it('compares all else where a venue does not tell its cash, and says so', () => {
    const given = accounts({ venue: { positions: [position('BTC-PERP', 1)], cash: undefined } });

    const settlement = settle(given);

    assert.deepEqual(differencesOf(settlement).map(lineText), ['position BTC-PERP: venues 1, engines 0']);
    assert.deepEqual(settlement.silent, [{ source: 'venue XSIM', why: 'it does not tell its cash' }]);
    assert.match(settlementSummary(settlement), /BTC-PERP.*; venue XSIM did not say what it holds/);
  });

  it('is what its schema says, in JSON too', () => {
    for (const who of ['venue', 'orders', 'engine'] as const) {
      const settlement = settle(withSilent(accounts({ venue: { positions: [position('BTC-PERP', 1)] } }), who));

      assert.deepEqual(Settlement.parse(JSON.parse(JSON.stringify(settlement))), settlement);
    }
  });

  it('agrees exactly when sums are the same, however they are spread, and never by silence', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom('venue', 'orders', 'engine', undefined),
        (parts, off, who) => {
          const total = parts.reduce((sum, part) => sum + part, 0);
          const engine = { positions: parts.map((part) => position('BTC-PERP', part / 10)), cash: total };
          const whole = accounts({
            engine,
            venue: { positions: [position('BTC-PERP', total / 10)], cash: total + off },
          });
          const { verdict } = settle(who ? withSilent(whole, who) : whole);

          assert.equal(verdict, who ? 'unknown' : off === 0 ? 'agrees' : 'differs');
        },
      ),
      { seed: 4, numRuns: 300 },
    ));
});

describe('comparePositions', () => {
  it('adds nothing for a side that says nothing, which silentOf names', () => {
    const sides = [
      { source: 'venue XSIM', positions: [position('BTC-PERP', 1)] },
      { source: 'venue XSIF', positions: silent },
    ];

    assert.equal(comparePositions(sides, [])[0]?.venues, 1);
    assert.deepEqual(silentOf(sides), [{ source: 'venue XSIF', why: 'it did not answer' }]);
  });
});

describe('what is kept of a settlement', () => {
  it('is a log that a person can read, one line for each side, whatever they wrote', () => {
    const settlement = settle(
      accounts({ venue: { positions: [position('BTC\nFAKE', 1)] }, engine: { positions: [position('ETH-PERP', 2)] } }),
    );

    const lines = settleLog({ ...settlement, run: undefined })
      .trimEnd()
      .split('\n');

    assert.equal(lines.length, 2 + 2 + 1 + settlement.compared.length + 1);
    assert.match(lines.join('\n'), /✓ engine btc-1: 2 ETH-PERP, cash 0/);
    assert.match(lines.join('\n'), /✓ engine btc-2: no position/);
    assert.match(lines.at(-1) ?? '', /differs: /);
  });

  it('names in the log what was not compared', () => {
    const noCash = settle(accounts({ venue: { cash: undefined } }));
    const nobody = settle(withSilent(withSilent(accounts(), 'venue'), 'engine'));

    assert.match(settleLog(noCash), /cash not told.*\n(.*\n)*.*not compared: venue XSIM: it does not tell its cash/);
    assert.match(settleLog(nobody), /engine btc-1 said nothing: it did not answer\n(.*\n)*.*venue XSIM said nothing/);
  });

  it('is an entry with every difference up to a hundred, and with how many there are', () => {
    const positions = Array.from({ length: 150 }, (_, index) => position(`I-${index}`, 1));
    const settlement = settle(accounts({ venue: { positions } }));

    const { payload } = settlementEntry(settlement, { actor: trader.subject }, { log: 'here' });

    assert.deepEqual([payload['differing'], Object(payload['differences']).length, payload['log']], [150, 100, 'here']);
    assert.match(settlementSummary(settlement), /and 145 more$/);
  });
});
