import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { differenceWords, planDifferences } from '../../../domain/plan/plan-differences.ts';

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('planDifferences', () => {
  it('names each leaf that differs, with what was approved and what is there now', () => {
    const approved = {
      limits: { leverageCap: 3, instruments: { 'BTC-PERP': { maxNotional: 100_000 } } },
      ticket: 'TP-1',
    };
    const now = { limits: { leverageCap: 5, instruments: { 'BTC-PERP': { maxNotional: 100_000 } } }, ticket: 'TP-2' };

    assert.deepEqual(planDifferences(approved, now), [
      { path: 'limits.leverageCap', approved: '3', now: '5' },
      { path: 'ticket', approved: 'TP-1', now: 'TP-2' },
    ]);
  });

  it('says nothing of what is absent, and counts the places of lists', () => {
    const places = (count: number) => Array.from({ length: count }, (_, at) => `engine-${at}`);
    const [approved, now] = [{ engines: places(11), note: 'a' }, { engines: [...places(10), 'other', 'more'] }];

    assert.deepEqual(planDifferences(approved, now).map(differenceWords), [
      'engines.10 was engine-10, is other',
      'engines.11 was nothing, is more',
      'note was a, is nothing',
    ]);
  });

  it('tells values apart that would look the same, and absence from null, nothing and emptiness', () => {
    for (const [approved, now, words] of [
      ['1', 1, '"1" 1'],
      ['nothing', undefined, '"nothing" nothing'],
      [null, undefined, 'null nothing'],
      [[], {}, '[] {}'],
      [[1], { 0: 1 }, '[1] {"0":1}'],
      [{}, undefined, '{} nothing'],
      ['{}', {}, '"{}" {}'],
    ] as const) {
      const [only, ...others] = planDifferences({ it: approved }, { it: now });
      assert.deepEqual([only?.path, `${only?.approved} ${only?.now}`, others.length], ['it', words, 0]);
    }
  });

  it('finds none exactly when two documents have the same digest, whatever they are', () =>
    fc.assert(
      fc.property(json, json, (left, right) => {
        assert.deepEqual(planDifferences(left, JSON.parse(JSON.stringify(left))), []);
        assert.equal(
          planDifferences({ left }, { left: right }).length === 0,
          digestOf({ left }) === digestOf({ left: right }),
        );
      }),
      { seed: 20_261_126 },
    ));

  it('finds one changed leaf, wherever it stands, and nothing else', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }),
        fc.integer(),
        (path, value) => {
          const nested = (leaf: unknown) =>
            path.reduceRight<unknown>((inner, key) => ({ [key]: inner, same: [1, 2] }), leaf);

          const found = planDifferences(nested(value), nested(value + 1));

          assert.deepEqual(found, [{ path: path.join('.'), approved: `${value}`, now: `${value + 1}` }]);
        },
      ),
      { seed: 20_261_126 },
    ));
});
