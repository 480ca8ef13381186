import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RoundTripHistogram } from '../../../domain/engine/lease-request.ts';

const accepted = (boundsMs: number[], counts: number[]) => RoundTripHistogram.safeParse({ boundsMs, counts }).success;

describe('RoundTripHistogram', () => {
  it('has ascending bounds, and one count more for what took longer than the last', () => {
    assert.ok(accepted([1, 5, 25], [0, 2, 1, 0]));
    assert.ok(accepted([], [3]));
  });

  it('refuses bounds that do not ascend, and counts that do not belong to them', () => {
    assert.deepEqual(
      [accepted([5, 5], [0, 0, 0]), accepted([5, 1], [0, 0, 0]), accepted([1, 5], [0, 0])],
      [false, false, false],
    );
  });
});
