import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  addRoundTrips,
  histogramOf,
  LATENCY_BOUNDS_MS,
  type LatencyWindow,
  latencyOf,
  LatencyWindow as Schema,
} from '../../../domain/monitor/latency-window.ts';

const START = new Date('2026-11-24T12:00:00.000Z');
const SETTINGS = { windowSeconds: 60, minSamples: 20, widestMinutes: 15 };
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const bounds = [...LATENCY_BOUNDS_MS];

/** Round trips of those lengths, by bounds of the engine's own choice. */
const histogram = (trips: readonly number[], boundsMs: number[] = bounds) => ({
  boundsMs,
  counts: [...boundsMs, Number.POSITIVE_INFINITY].map(
    (bound, index) => trips.filter((ms) => ms <= bound && ms > (boundsMs[index - 1] ?? 0)).length,
  ),
});
const times = (count: number, ms: number): number[] => new Array(count).fill(ms);
const told = (...renewals: [seconds: number, trips: number[]][]): LatencyWindow =>
  renewals.reduce<LatencyWindow>(
    (window, [seconds, trips]) => addRoundTrips(window, histogram(trips), at(seconds)),
    [],
  );

describe('latencyOf', () => {
  it('is the percentiles of the last minute, and nothing where nothing was sent', () => {
    const window = told([0, times(90, 15)], [30, times(8, 100)], [58, times(2, 900)]);

    assert.deepEqual(latencyOf(window, SETTINGS, at(59)), {
      ...{ p50Ms: 12.8, p95Ms: 96.3, p99Ms: 875, samples: 100, spanMs: 59_000 },
    });
    assert.equal(latencyOf([], SETTINGS, at(0)), undefined);
    assert.equal(latencyOf(undefined, SETTINGS, at(0)), undefined);
  });

  it('never counts a round trip that is older than the window as fresh', () => {
    const window = told([0, times(500, 900)], [62, times(20, 15)]);

    assert.equal(latencyOf(window, SETTINGS, at(66))?.samples, 20);
    assert.equal(latencyOf(told([0, times(500, 900)]), SETTINGS, at(16 * 60)), undefined);
  });

  it('goes back for the last 20 where the last minute has fewer, at most a quarter of an hour', () => {
    const window = told([0, times(9, 400)], [180, times(15, 300)], [600, times(5, 15)], [700, times(2, 15)]);

    const { samples, p95Ms } = latencyOf(window, SETTINGS, at(705)) ?? {};

    assert.deepEqual([samples, Number(p95Ms) > 250 && Number(p95Ms) <= 300], [22, true]); // 2 + 5 + 15, and not the 400 ms before
    assert.equal(latencyOf(window, SETTINGS, at(700 + 13 * 60))?.samples, 7);
  });

  it('tells a round trip of 120 ms from one below it when both are among the bounds of the engine', () => {
    const boundsMs = [5, 60, 110, 120, 500];
    const p95 = (ms: number) =>
      latencyOf(addRoundTrips([], histogram(times(40, ms), boundsMs), at(0)), SETTINGS, at(1))?.p95Ms ?? 0;

    assert.ok(p95(119) < 120);
    assert.ok(p95(121) >= 120);
  });

  it('is never milder than what an engine with other bounds has measured, and slow beyond them without any', () => {
    const coarse = addRoundTrips([], histogram(times(20, 130), [100, 201]), at(0));
    const none = addRoundTrips([], { boundsMs: [], counts: [20] }, at(0));

    assert.ok(Number(latencyOf(coarse, SETTINGS, at(1))?.p95Ms) > 200);
    assert.ok(Number(latencyOf(none, SETTINGS, at(1))?.p95Ms) > 10_000);
  });

  it('never gets better by slower or more slow round trips', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1, maxLength: 60 }),
        fc.nat(59),
        fc.integer({ min: 0, max: 9_000 }),
        (trips, which, slower) => {
          const p95 = (all: number[]) => latencyOf(told([0, all]), SETTINGS, at(1))?.p95Ms ?? 0;

          const worse = trips.map((ms, index) => (index === which % trips.length ? ms + slower : ms));

          assert.ok(p95(worse) >= p95(trips));
          assert.ok(p95([...trips, 12_000]) >= p95(trips));
        },
      ),
      { seed: 31, numRuns: 200 },
    ));

  it('lies in the bucket of the very round trip at that rank', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_999 }), { minLength: 20, maxLength: 200 }), (trips) => {
        const exact = trips.toSorted((a, b) => a - b)[Math.ceil(trips.length * 0.95) - 1] ?? 0;

        const p95 = latencyOf(told([0, trips]), SETTINGS, at(1))?.p95Ms ?? 0;

        const index = bounds.findIndex((bound) => exact <= bound);
        assert.ok(p95 <= Number(bounds[index]) && p95 >= (bounds[index - 1] ?? 0), `${p95} for ${exact}`);
      }),
      { seed: 32, numRuns: 200 },
    ));
});

describe('addRoundTrips', () => {
  it('forgets what our own clock says is still to come', () => {
    const window = told([60, times(20, 900)], [0, times(20, 15)]);

    assert.deepEqual([window.length, latencyOf(window, SETTINGS, at(1))?.samples], [1, 20]);
    assert.equal(latencyOf(told([60, times(20, 900)]), SETTINGS, at(0)), undefined);
  });

  it('stays small and readable however long and however often an engine renews', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 90 }), fc.array(fc.integer({ min: 1, max: 11_000 }), { maxLength: 6 })),
          {
            minLength: 200,
            maxLength: 400,
          },
        ),
        (renewals) => {
          let seconds = 0;
          const window = renewals.reduce<LatencyWindow>((before, [later, trips]) => {
            seconds += later;
            return addRoundTrips(before, histogram(trips), at(seconds));
          }, []);

          assert.ok(Schema.safeParse(window).success);
          assert.ok(window.length <= 13 + 16);
        },
      ),
      { seed: 33, numRuns: 20 },
    ));

  it('keeps no minute that enough newer round trips have made needless', () => {
    const window = told([0, times(50, 15)], [300, times(197, 15)], [600, times(2, 15)]);

    assert.equal(window.length, 3);
    assert.equal(addRoundTrips(window, histogram(times(200, 15)), at(601)).length, 1);
  });
});

it('histogramOf has the round trips of the last minute, which a window that was damaged cannot break', () => {
  const window = [...told([0, times(5, 15)], [70, times(3, 900)]), [Math.floor(at(70).getTime() / 5_000), 99, 1], []];

  const { counts } = histogramOf(window, at(71));

  assert.equal(counts.length, bounds.length + 1);
  assert.deepEqual([counts[bounds.indexOf(15)], counts[bounds.indexOf(1_000)], counts.at(-1)], [0, 3, 1]);
});
