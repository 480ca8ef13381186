import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figureLine, isKept, percentile } from '../../bench/figure.ts';

describe('a figure', () => {
  it('keeps a budget it does not exceed, and a rate it reaches', () => {
    assert.deepEqual(
      [
        isKept({ name: 'a', value: 12, unit: 'ms', budget: 12 }),
        isKept({ name: 'a', value: 12.1, unit: 'ms', budget: 12 }),
        isKept({ name: 'a', value: 249, unit: '/s', budget: 250, atLeast: true }),
        isKept({ name: 'a', value: 9, unit: 's' }),
      ],
      [true, false, false, true],
    );
  });

  it('is shown beside its budget, and a missed one is marked', () => {
    const line = figureLine({
      name: 'kill acknowledged, p99',
      value: 14.26,
      unit: 'ms',
      budget: 12,
      note: 'one client',
    });

    assert.equal(line, '✖ kill acknowledged, p99: 14.3 ms (budget <= 12 ms); one client');
  });
});

describe('percentile', () => {
  it('is a sample, whatever their order', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);

    assert.deepEqual([percentile(samples, 0.5), percentile(samples, 0.99), percentile([7], 0.99)], [50, 99, 7]);
  });

  it('refuses to speak of no samples', () => {
    assert.throws(() => percentile([], 0.5), RangeError);
  });
});
