import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { gateResult } from '../../../domain/launch/finding.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Books, compareBooks } from '../../../domain/resume/compare-books.ts';

const AT = '2026-11-24T12:00:00.000Z';
const silent = new Refusal('VenueUnreachable', 'it did not answer', 'call it');
const held = (instrument: string, quantity: number) => ({ instrument, quantity });

function books(more: { venue?: object; engine?: object; second?: object } = {}): Books {
  const own = { orders: [], positions: [] };
  return {
    venues: [{ venue: 'XSIM', ...own, ...more.venue }],
    engines: [
      { instanceId: 'btc-1', ...own, ...more.engine },
      { instanceId: 'btc-2', ...own, ...more.second },
    ],
  };
}
const noes = (given: Books) =>
  compareBooks(given, AT)
    .filter(({ verdict }) => verdict !== 'go')
    .map(({ check, expected, actual }) => `${check}: ${expected} / ${actual}`);

describe('compareBooks', () => {
  it('says yes when nothing rests and nothing is held, and when both sides hold the same', () => {
    const same = books({
      venue: { positions: [held('BTC-PERP', 0.3), held('ETH-PERP', 0)] },
      engine: { positions: [held('BTC-PERP', 0.1)] },
      second: { positions: [held('BTC-PERP', 0.2)] },
    });

    assert.deepEqual([noes(books()), noes(same)], [[], []]);
    assert.equal(gateResult('reconciliation', compareBooks(books(), AT)).verdict, 'go');
  });

  it('lists every instrument on which they differ, with both figures', () => {
    const differing = books({
      venue: { positions: [held('BTC-PERP', 0.3), held('SOL-PERP', -4)] },
      engine: { positions: [held('BTC-PERP', 0.1), held('ETH-PERP', 2)] },
    });

    assert.deepEqual(noes(differing), [
      'position.BTC-PERP: 0.3, as the venues say / 0.1, as the engines say',
      'position.ETH-PERP: 0, as the venues say / 2, as the engines say',
      'position.SOL-PERP: -4, as the venues say / 0, as the engines say',
    ]);
  });

  it('lists what rests, wherever it is said to', () => {
    const order = (orderId: string) => ({ orderId, instrument: 'BTC-PERP' });

    assert.deepEqual(
      noes(books({ venue: { orders: [order('o-1'), order('o-2')] }, second: { orders: [order('o-3')] } })),
      [
        'venue.XSIM.orders: nothing rests / 2 rest: o-1 (BTC-PERP), o-2 (BTC-PERP)',
        'engine.btc-2.orders: nothing rests / 1 rest: o-3 (BTC-PERP)',
      ],
    );
  });

  it('takes no silence for a yes, and compares no positions that are not all known', () => {
    const halfKnown = books({
      venue: { orders: silent, positions: silent },
      engine: { orders: silent, positions: [held('BTC-PERP', 1)] },
      second: { positions: silent },
    });

    assert.deepEqual(noes(halfKnown), [
      'venue.XSIM.orders: nothing rests / not known: it did not answer',
      'engine.btc-1.orders: nothing rests / not known: it did not answer',
      'venue.XSIM.positions: what is held / not known: it did not answer',
      'engine.btc-2.positions: what is held / not known: it did not answer',
    ]);
  });

  it('goes exactly when the sums are the same, however positions are spread over venues and instances', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -3, max: 3 }),
        (parts, off) => {
          const positions = parts.map((part) => held('BTC-PERP', part / 10));
          const total = parts.reduce((sum, part) => sum + part, 0) + off;
          const given = books({ engine: { positions }, venue: { positions: [held('BTC-PERP', total / 10)] } });

          assert.equal(gateResult('reconciliation', compareBooks(given, AT)).verdict, off === 0 ? 'go' : 'no-go');
        },
      ),
      { seed: 3, numRuns: 300 },
    ));
});
