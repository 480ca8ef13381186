import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { alertBudget } from '../../../domain/communications/alert-budget.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { deliveryOf } from '../../fakes/courier-world.ts';
import { START } from '../../fakes/world.ts';

const after = (ms: number) => new Date(START.getTime() + ms);
const fresh = deliveryOf('kill-switch', '#ops');
const sentAfter = (ms: number): Delivery => ({
  ...{ ...fresh, status: 'acknowledged', detectedAt: after(100).toISOString() },
  ...{ sentAt: after(ms).toISOString(), acknowledgedAt: after(ms + 50).toISOString() },
});

describe('alertBudget', () => {
  it('is the nearest rank of the times from event and detection until the provider was asked', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => sentAfter((at + 1) * 100));

    assert.deepEqual(alertBudget(hundred, after(60_000)), {
      deliveries: 100,
      acknowledged: 100,
      fromEvent: { p50Ms: 5_000, p95Ms: 9_500, p99Ms: 9_900 },
      fromDetection: { p50Ms: 4_900, p95Ms: 9_400, p99Ms: 9_800 },
      shareInTime: 0.5,
    });
    assert.deepEqual(alertBudget([sentAfter(7)], START).fromEvent, { p50Ms: 7, p95Ms: 7, p99Ms: 7 });
  });

  it('holds against us what failed and what has waited too long, and not what is on its way', () => {
    const failed: Delivery = { ...fresh, status: 'failed' };

    const { shareInTime, acknowledged } = alertBudget([sentAfter(10), failed, fresh], after(5_000));

    assert.deepEqual([shareInTime, acknowledged], [1 / 2, 1]);
    assert.equal(alertBudget([sentAfter(10), failed, fresh], after(5_001)).shareInTime, 1 / 3);
  });

  it('claims nothing where there is nothing', () => {
    const none = { fromEvent: null, fromDetection: null, shareInTime: null };

    assert.deepEqual(alertBudget([], START), { deliveries: 0, acknowledged: 0, ...none });
    assert.deepEqual(alertBudget([fresh], START), { deliveries: 1, acknowledged: 0, ...none });
  });

  it('never makes a time negative, however clocks differ, and answers times that were measured', () => {
    const times = fc.array(fc.integer({ min: -1_000, max: 20_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(times, (each) => {
        const { fromEvent } = alertBudget(each.map(sentAfter), after(30_000));
        const measured = each.map((ms) => Math.max(0, ms));

        assert.ok(fromEvent);
        for (const [percent, value] of [
          [50, fromEvent.p50Ms],
          [95, fromEvent.p95Ms],
          [99, fromEvent.p99Ms],
        ] as const) {
          assert.ok(measured.includes(value));
          assert.ok(measured.filter((ms) => ms <= value).length >= (percent / 100) * measured.length);
        }
      }),
      { seed: 6 },
    );
  });
});
