import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StrategyId } from '../../../domain/ids.ts';
import {
  type Finding,
  finding,
  gateResult,
  softFinding,
  Verdict,
  worstVerdict,
} from '../../../domain/launch/finding.ts';
import { applyOverrides, type Launched } from '../../../domain/override/apply-overrides.ts';
import { Override, type StandingOverride } from '../../../domain/override/override.ts';
import { risk, START, STRATEGY } from '../../fakes/world.ts';

const evidence = { source: 'smoke', observedAt: START.toISOString() };
const latency = (actual: string, expected = '<= 120 ms') =>
  softFinding(false, 'SmokeOutOfTolerance', { check: 'smoke.latency', expected, actual, evidence });
const orders = finding(false, 'SmokeOutOfTolerance', {
  ...{ check: 'smoke.orders', expected: '1 to 100', actual: '0', evidence },
});
const override = (changes: object = {}): StandingOverride => ({
  ...Override.parse({
    ...{ id: 'override-1', strategyId: STRATEGY, environment: 'prod', runId: 'launch-1', epoch: 3 },
    findings: [{ check: 'smoke.latency', code: 'SmokeOutOfTolerance', expected: '<= 120 ms', actual: '150 ms' }],
    ...{ reason: 'a slow venue', authoriser: 'sre', requestedBy: 'sub-quant', approval: 'override-1-override' },
    ...{ at: START.toISOString(), expiresAt: '2026-11-24T16:00:00.000Z' },
    ...changes,
  }),
  signers: [risk.subject],
});
const launched: Launched = { strategyId: STRATEGY, environment: 'prod', epoch: 3, now: START };
const judge = (findings: readonly Finding[], overrides = [override()], changes: Partial<Launched> = {}) =>
  applyOverrides(gateResult('smoke', findings), overrides, { ...launched, ...changes });

describe('applyOverrides', () => {
  it('makes a warning that names the override of the soft no-go that it was signed for, and lets the gate pass', () => {
    const gate = judge([latency('150 ms')]);

    assert.deepEqual(
      [gate.verdict, gate.findings[0]?.verdict, gate.findings[0]?.override],
      ['warn', 'warn', 'override-1'],
    );
  });

  it('leaves a hard no-go what it is, even where one was signed for, and so the gate', () => {
    const signed = { check: 'smoke.orders', code: 'SmokeOutOfTolerance', expected: '1 to 100', actual: '0' };
    const gate = judge([latency('150 ms'), orders], [override(), override({ id: 'override-2', findings: [signed] })]);

    assert.deepEqual([gate.verdict, gate.findings[1]], ['no-go', orders]);
  });

  for (const [what, given, overrides, changes] of [
    ['another strategy', '150 ms', [override({ strategyId: 'eurusd-carry' })], {}],
    ['this strategy where it is launched elsewhere', '150 ms', [override()], { environment: 'paper' }],
    ['an epoch that is over', '150 ms', [override()], { epoch: 4 }],
    ['a time that is over', '150 ms', [override()], { now: new Date('2026-11-24T16:00:00.000Z') }],
    ['another check', '150 ms', [override({ findings: [{ ...override().findings[0], check: 'smoke.rejects' }] })], {}],
    ['another code', '150 ms', [override({ findings: [{ ...override().findings[0], code: 'NoGo' }] })], {}],
    ['a finding that is worse by now', '150.5 ms', [override()], {}],
    ['a finding that cannot be measured any more', 'nothing', [override()], {}],
  ] as const)
    it(`lets nothing pass that was signed for ${what}`, () =>
      assert.equal(judge([latency(given)], [...overrides], changes).verdict, 'no-go'));

  it('lets what has become better pass, in the direction of the bound', () => {
    const signed = { check: 'smoke.latency', code: 'SmokeOutOfTolerance', expected: '>= 15 bars', actual: '12' };
    const above = (actual: string) => judge([latency(actual, '>= 15 bars')], [override({ findings: [signed] })]);

    assert.equal(judge([latency('130 ms')]).verdict, 'warn');
    assert.deepEqual([above('13').verdict, above('11').verdict], ['warn', 'no-go']);
  });

  it('goes by the check alone where there is no bound to compare with', () => {
    const signed = { check: 'smoke.latency', code: 'SmokeOutOfTolerance', expected: 'no freeze', actual: 'FRI 17:00' };

    assert.equal(judge([latency('FRI 17:01', 'no freeze')], [override({ findings: [signed] })]).verdict, 'warn');
  });

  it('lets nothing pass against another bound than the one that was signed', () =>
    assert.equal(judge([latency('150 ms', '<= 100 ms')]).verdict, 'no-go'));

  it('leaves a gate alone that it has nothing to do with, the very object', () => {
    for (const gate of [gateResult('freezes', [orders]), gateResult('empty', [])])
      assert.equal(applyOverrides(gate, [override()], launched), gate);
  });

  const anyFinding: fc.Arbitrary<Finding> = fc.record({
    check: fc.constantFrom('a', 'b', 'c'),
    verdict: fc.constantFrom(...Verdict.options),
    hard: fc.boolean(),
    expected: fc.constantFrom('<= 5', '>= 5', 'none'),
    actual: fc.constantFrom('1', '9', 'x'),
    code: fc.constantFrom('NoGo', 'LaunchesFrozen'),
    evidence: fc.constant(evidence),
  });
  const anyOverride = fc
    .record({
      strategyId: fc.constantFrom(STRATEGY, StrategyId.parse('eurusd-carry')),
      environment: fc.constantFrom('prod', 'paper'),
      epoch: fc.constantFrom(3, 4),
      expiresAt: fc.constantFrom('2026-11-24T16:00:00.000Z', START.toISOString()),
      findings: fc.array(anyFinding, { minLength: 1, maxLength: 3 }),
    })
    .map(override);

  it('never touches anything but a soft no-go, and never makes it anything but a warning with a name', () =>
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 6 }), fc.array(anyOverride, { maxLength: 4 }), (all, overrides) => {
        const after = judge(all, overrides).findings;

        assert.equal(after.length, all.length);
        for (const [at, each] of after.entries()) {
          const before = all[at];
          if (before === each) continue;
          assert.deepEqual([before?.hard, before?.verdict, each.verdict], [false, 'no-go', 'warn']);
          assert.deepEqual(
            { ...each, verdict: before?.verdict, override: undefined },
            { ...before, override: undefined },
          );
        }
      }),
      { seed: 13 },
    ));

  it('never makes a gate worse, never lets a hard no-go pass, and changes nothing the second time', () =>
    fc.assert(
      fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 6 }), fc.array(anyOverride), (all, overrides) => {
        const [before, after] = [gateResult('smoke', all), judge(all, overrides)];

        assert.equal(worstVerdict([before.verdict, after.verdict]), before.verdict);
        if (all.some(({ hard, verdict }) => hard && verdict === 'no-go')) assert.equal(after.verdict, 'no-go');
        assert.deepEqual(judge(after.findings, overrides), after);
      }),
      { seed: 13 },
    ));

  it('lets everything pass that both signed, whatever else was signed beside it', () =>
    fc.assert(
      fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 6 }), fc.array(anyOverride), (all, others) => {
        const soft = all.map((each): Finding => ({ ...each, hard: false, verdict: 'no-go', actual: '7' }));

        const gate = judge(soft, [...others, override({ findings: soft })]);

        assert.equal(gate.verdict, 'warn');
      }),
      { seed: 13 },
    ));
});
