import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HEALTH_CHECKS, overall } from '../../../domain/health/health-item.ts';
import { reportHealth } from '../../../domain/health/report-health.ts';
import type { Metric } from '../../../domain/ports/metrics.ts';
import { healthyWorld } from '../../fakes/healthy-world.ts';

describe('the health of everything together', () => {
  it('is as bad as its worst part, whatever the order', () => {
    const status = fc.constantFrom('ok', 'warn', 'bad', 'unknown');
    const rank = { ok: 0, warn: 1, bad: 2, unknown: 2 };
    fc.assert(
      fc.property(fc.array(status, { minLength: 1 }), (all) => {
        const worst = Math.max(...all.map((each) => rank[each]));

        assert.equal(rank[overall(all.map((each) => ({ status: each })))], worst);
      }),
      { seed: 7 },
    );
  });
});

describe('reportHealth', () => {
  it('puts a level for every check, and what it measured where it could, and sends them', async () => {
    const made = await healthyWorld();
    made.store.records.delete('WATCH#watchdog');
    const put: [string | undefined, readonly Metric[], unknown][] = [];
    let flushed = 0;
    const metrics = {
      put: (at: Readonly<Record<string, string>>, all: readonly Metric[], facts: unknown) =>
        void put.push([at['Check'], all, facts]),
      flush() {
        flushed += 1;
      },
    };

    assert.equal(await reportHealth({ ...made.ports, metrics }), 'bad');

    assert.deepEqual([put.map(([check]) => check), flushed], [[...HEALTH_CHECKS], 1]);
    assert.deepEqual(put.slice(1, 4), [
      ['watchdog', [{ name: 'HealthLevel', value: 2, unit: 'None' }], { status: 'bad', detail: 'has not run yet' }],
      [
        'health tick',
        [
          { name: 'HealthLevel', value: 0, unit: 'None' },
          { name: 'HealthValue', value: 0, unit: 'Milliseconds' },
        ],
        { status: 'ok', detail: 'ran 0 s ago' },
      ],
      [
        'kill spool',
        [
          { name: 'HealthLevel', value: 0, unit: 'None' },
          { name: 'HealthValue', value: 0, unit: 'Count' },
        ],
        { status: 'ok', detail: 'empty' },
      ],
    ]);
  });
});
