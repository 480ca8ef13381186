import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkSmoke } from '../../../domain/launch/check-smoke.ts';
import { gateResult } from '../../../domain/launch/finding.ts';
import { instanceSmoke } from '../../../domain/smoke/instance-smoke.ts';
import { judgeBand } from '../../../domain/smoke/judge-band.ts';
import { SmokeBand } from '../../../domain/smoke/smoke-bands.ts';
import { START } from '../../fakes/world.ts';
import { answered, evidence, ORDER, REPORT } from './smoke-evidence.ts';

const SEED = 20_261_124;
const anyBand = fc.constantFrom(...SmokeBand.options);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const noNumber = fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const checked = (property: Parameters<typeof fc.assert>[0]) => fc.assert(property, { seed: SEED, numRuns: 500 });

describe('any band', () => {
  it('passes no value outside its bounds, and every one inside', () =>
    checked(
      fc.property(anyBand, number, number, number, (band, one, other, value) => {
        const bounds = { min: Math.min(one, other), max: Math.max(one, other) };

        assert.equal(judgeBand(band, value, bounds) === 'passed', bounds.min <= value && value <= bounds.max);
      }),
    ));

  it('never passes what is no number, whatever the bounds', () =>
    checked(
      fc.property(
        anyBand,
        noNumber,
        fc.record({ min: number, max: number }, { requiredKeys: [] }),
        (band, value, bounds) => {
          assert.equal(judgeBand(band, value, bounds), 'inconclusive');
        },
      ),
    ));
});

describe('any replay', () => {
  const weird = fc.oneof(number, fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0));
  const order = fc
    .record({ quantity: weird, price: weird, referencePrice: weird })
    .map((each) => ({ ...ORDER, ...each }));
  const report = fc.record({
    bars: fc.oneof(fc.constant(15), weird),
    orders: fc.array(fc.oneof(fc.constant(ORDER), order), { maxLength: 8 }),
    rejects: fc.oneof(fc.constant(0), weird),
    cancels: fc.oneof(fc.constant(0), weird),
    latency: fc.record({ p50Ms: weird, p95Ms: fc.oneof(fc.constant(1), weird) }),
  });

  it('passes only when every order is in its band, whatever else the report says', async () => {
    let passed = 0;
    await checked(
      fc.property(report, (said) => {
        if (judged(said).verdict !== 'passed') return;
        passed += 1;
        const inside = said.orders.every(
          ({ quantity, price, referencePrice }) =>
            Math.abs(quantity * price) <= 1000 && Math.abs(price - referencePrice) / referencePrice <= 0.005,
        );
        assert.ok(inside && said.orders.length >= 1 && said.bars === 15, JSON.stringify(said));
        assert.ok(said.rejects <= 0 && said.cancels / said.orders.length <= 0.9 && said.latency.p95Ms <= 120);
      }),
    );
    assert.ok(passed > 5, `${passed} of them passed`);
  });

  it('has a gate that goes if and only if it passed', () =>
    checked(
      fc.property(report, (said) => {
        const { verdict, gate } = judged(said);

        assert.equal(verdict === 'passed', gate.verdict === 'go');
      }),
    ));
});

/** As the rule would judge it if the schema at the edge had let it through. */
function judged(said: object) {
  const instance = instanceSmoke(answered('btc-momentum-1', { ...REPORT, ...said }), evidence());
  const gate = gateResult('smoke', checkSmoke(instance, {}, { source: 'a replay', observedAt: START.toISOString() }));
  return { verdict: instance.verdict, gate };
}
