import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StrategyLimits } from '../../../domain/launch/risk-limits.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { type LimitsColumn, limitsDifferences } from '../../../domain/limits/limits-differences.ts';
import { LIMITS } from '../../fakes/world.ts';

const column = (name: string, limits: StrategyLimits): LimitsColumn => ({ name, digest: digestOf(limits), limits });
const pathsOf = (columns: readonly LimitsColumn[]) => limitsDifferences(columns).map(({ path }) => path);

const cap = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const anyLimits: fc.Arbitrary<StrategyLimits> = fc.record({
  currency: fc.constantFrom('USD', 'EUR'),
  instruments: fc.dictionary(
    fc.constantFrom('BTC-USD', 'ETH-USD', 'EUR-USD', 'A.maxNotional'),
    fc.record({ maxNotional: cap, maxPosition: cap }),
    { minKeys: 1 },
  ),
  leverageCap: cap,
  maxOrdersPerSec: cap,
  killThresholds: fc.record({ loss: cap, drawdownBps: cap, notional: cap, leverage: cap }),
});

describe('limitsDifferences', () => {
  it('shows field by field what the file, the manifest and each engine say, where they differ', () => {
    const stored = { ...LIMITS, leverageCap: 4, instruments: { 'ETH-PERP': { maxNotional: 1, maxPosition: 2 } } };

    const differences = limitsDifferences([
      column('approved', LIMITS),
      column('stored', stored),
      { name: 'engine-1', digest: null },
      { name: 'engine-2', digest: 'sha256:other' },
    ]);

    const row = (approved: unknown, there: unknown) => ({
      ...{ approved, stored: there, 'engine-1': null, 'engine-2': 'unknown' },
    });
    assert.deepEqual(Object.fromEntries(differences.slice(1).map(({ path, values }) => [path, values])), {
      'instruments.BTC-PERP.maxNotional': row(100_000, null),
      'instruments.BTC-PERP.maxPosition': row(5, null),
      'instruments.ETH-PERP.maxNotional': row(null, 1),
      'instruments.ETH-PERP.maxPosition': row(null, 2),
      ...Object.fromEntries(
        Object.entries({ currency: 'USD', leverageCap: 3, maxOrdersPerSec: 4 }).map(([path, value]) => [
          path,
          row(value, path === 'leverageCap' ? 4 : value),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(LIMITS.killThresholds).map(([name, value]) => [`killThresholds.${name}`, row(value, value)]),
      ),
    });
    assert.deepEqual(differences[0]?.values['engine-2'], 'sha256:other');
  });

  it('says nothing where all is the same, however many places there are', () =>
    fc.assert(
      fc.property(anyLimits, fc.integer({ min: 1, max: 5 }), (limits, places) => {
        const columns = Array.from({ length: places }, (_, at) => column(`place-${at}`, structuredClone(limits)));

        assert.deepEqual(limitsDifferences(columns), []);
      }),
      { seed: 14 },
    ));

  it('tells exactly what has to be changed to turn the one into the other', () =>
    fc.assert(
      fc.property(anyLimits, anyLimits, (before, after) => {
        const told = limitsDifferences([column('a', before), column('b', after)]).slice(1);
        const changes = told.map(({ path, values }) => [path, values['b']] as const);

        const changed = new Map<string, unknown>([...fieldsOf(before), ...changes]);
        const there = [...changed].filter(([, value]) => value !== null);
        assert.deepEqual(there.toSorted(), [...fieldsOf(after)].toSorted());
        assert.ok(told.every(({ values }) => values['a'] !== values['b']));
      }),
      { seed: 14 },
    ));

  it('depends on no order of the places', () =>
    fc.assert(
      fc.property(anyLimits, anyLimits, (before, after) => {
        const columns = [column('a', before), column('b', after)];

        assert.deepEqual(pathsOf(columns), pathsOf(columns.toReversed()));
      }),
      { seed: 14 },
    ));

  it('shows the digests alone where nobody knows what is behind one of them', () => {
    assert.deepEqual(pathsOf([column('stored', LIMITS), { name: 'approved', digest: digestOf('else') }]), ['digest']);
  });
});

/** Every leaf of a document by its path, told another way than the product does. */
function fieldsOf(value: object, path: readonly string[] = []): Map<string, unknown> {
  return new Map(
    Object.entries(value).flatMap(([name, inner]) =>
      typeof inner === 'object' && inner !== null
        ? [...fieldsOf(inner, [...path, name])]
        : [[[...path, name].join('.'), inner] as const],
    ),
  );
}
