import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../../domain/control-record.ts';
import { gateResult } from '../../../domain/launch/finding.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { SmokeBands } from '../../../domain/smoke/smoke-bands.ts';
import { lastGoodOf, SmokeDocument, smokeDocument } from '../../../domain/smoke/smoke-document.ts';
import { smokeEntry, smokeSummary } from '../../../domain/smoke/smoke-entry.ts';
import { ARTIFACT, person, REGISTRATION, RUN, START } from '../../fakes/world.ts';
import { answered, evidence, LAST_GOOD, ORDER, REPORT } from './smoke-evidence.ts';

type Document = ReturnType<typeof smokeDocument>;
const noes = ({ gates }: Document) =>
  gates.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict === 'no-go');
const told = (document: Document) => noes(document).map(({ check, actual }) => `${check}: ${actual}`);
const bandOf = ({ instances }: Document, band: string) => instances[0]?.bands.find((each) => each.band === band);
const soft = { ...REGISTRATION.policy.smoke, soft: ['latency' as const, 'orders' as const] };

describe('a smoke report', () => {
  it('passes orders that are inside every band, and shows each band with its bounds', () => {
    const document = smokeDocument(evidence());

    assert.deepEqual([document.verdict, noes(document)], ['passed', []]);
    assert.deepEqual(
      document.instances[0]?.bands.map(({ band, measured, min, max }) => [band, measured, min, max]),
      [
        ['bars', 15, 15, 15],
        ['orders', 10, 1, 100],
        ['notional', 200.5, null, 1000],
        ['price-distance', 25, null, 50],
        ['rejects', 0, null, 0],
        ['cancel-ratio', 0.4, null, 0.9],
        ['latency', 12, null, 120],
        ['age', 0, null, null],
      ],
    );
  });

  for (const [what, changes, findings] of [
    [
      'a large order',
      { orders: [{ ...ORDER, quantity: 11 }], cancels: 0 },
      ['notional: 1102.75 for the largest order'],
    ],
    [
      'a price far away, on either side',
      { orders: [ORDER, { ...ORDER, price: 99 }], cancels: 0 },
      ['price-distance: 100 bps from the reference'],
    ],
    ['too many orders', { orders: Array.from({ length: 101 }, () => ORDER) }, ['orders: 101 orders']],
    ['rejects', { rejects: 1 }, ['rejects: 1 rejects']],
    ['hardly an order that is not cancelled again', { cancels: 10 }, ['cancel-ratio: 1 cancels for each order']],
    ['slow order entry', { latency: { p50Ms: 1, p95Ms: 121 } }, ['latency: 121 ms at the 95th percentile']],
    [
      'more minutes than were asked for',
      { bars: 16, window: { ...REPORT.window, from: '2026-11-24T11:00:00.000Z' } },
      ['bars: 16 recorded minutes'],
    ],
  ] as const) {
    it(`fails for ${what}, and says by how much`, () => {
      const document = smokeDocument(evidence(changes as object));

      assert.equal(document.verdict, 'failed');
      assert.deepEqual(
        told(document),
        findings.map((each) => `btc-momentum-1.smoke.${each}`),
      );
      assert.deepEqual([...new Set(noes(document).map(({ code }) => code))], ['SmokeOutOfTolerance']);
    });
  }

  for (const [what, changes, first] of [
    ['too few minutes', { bars: 14 }, 'bars: inconclusive: 14 recorded minutes'],
    ['no orders, of which nothing could be measured', { orders: [] }, 'orders: inconclusive: 0 orders'],
    ['cancels that nobody counted', { cancels: undefined }, 'cancel-ratio: inconclusive: not measured'],
    [
      'a window too short for its minutes',
      { window: { from: REPORT.window.to, to: REPORT.window.to } },
      'bars: inconclusive: not measured',
    ],
  ] as const) {
    it(`is inconclusive for ${what}`, () => {
      const document = smokeDocument(evidence(changes as object));

      assert.deepEqual([document.verdict, told(document)[0]], ['inconclusive', `btc-momentum-1.smoke.${first}`]);
      assert.ok(noes(document).every(({ code, hard }) => code === 'SmokeInconclusive' && hard));
    });
  }

  it('has failed rather than proved nothing where both are true, and says the failure first', () => {
    const document = smokeDocument(evidence({ bars: 3, rejects: 2 }));

    assert.equal(document.verdict, 'failed');
    assert.deepEqual(
      noes(document).map(({ check, code }) => [check, code]),
      [
        ['btc-momentum-1.smoke.rejects', 'SmokeOutOfTolerance'],
        ['btc-momentum-1.smoke.bars', 'SmokeInconclusive'],
      ],
    );
  });

  it('fails for another artifact than the deployed one, and for one that is not named', () => {
    const other = smokeDocument(evidence({ artifactDigest: digestOf('an old artifact') }));
    const unnamed = smokeDocument(evidence({ artifactDigest: undefined }));
    const alone = smokeDocument(evidence({ artifactDigest: undefined }, { expected: {} }));

    assert.deepEqual([other.verdict, unnamed.verdict, alone.verdict], ['failed', 'failed', 'passed']);
    assert.deepEqual(told(other), [`btc-momentum-1.smoke.artifact: ${digestOf('an old artifact')}`]);
    assert.deepEqual(told(unnamed), ['btc-momentum-1.smoke.artifact: it does not say what it replayed']);
  });

  it('lets two people override slow order entry, and no other band unless that was agreed', () => {
    const slow = { latency: { p50Ms: 1, p95Ms: 500 }, orders: Array.from({ length: 101 }, () => ORDER) };
    const hardness = (document: Document) =>
      Object.fromEntries(noes(document).map(({ check, hard }) => [check.split('.')[2], hard]));

    assert.deepEqual(hardness(smokeDocument(evidence(slow))), { latency: false, orders: true });
    assert.deepEqual(hardness(smokeDocument(evidence(slow, { bands: soft }))), { latency: false, orders: false });
    assert.deepEqual(
      noes(smokeDocument(evidence({ orders: [] }, { bands: soft }))).filter(({ hard }) => !hard),
      [],
      'what proved nothing is not overridden',
    );
  });

  it('shows how old the newest minute is, and judges it where a limit was agreed', () => {
    const old = { window: { from: '2026-11-20T11:45:00.000Z', to: '2026-11-20T12:00:00.000Z' } };
    const ahead = { window: { from: '2026-11-24T12:00:00.000Z', to: '2026-11-24T12:15:00.000Z' } };
    const bands = { ...REGISTRATION.policy.smoke, maxAgeHours: 72 };

    const shown = smokeDocument(evidence(old));

    assert.deepEqual(
      [shown.verdict, bandOf(shown, 'age')?.measured, shown.instances[0]?.window?.ageHours],
      ['passed', 96, 96],
    );
    assert.deepEqual(told(smokeDocument(evidence(old, { bands }))), [
      'btc-momentum-1.smoke.age: 96 h since the newest minute',
    ]);
    assert.equal(smokeDocument(evidence(ahead, { bands })).verdict, 'failed', 'a minute of the future');
    assert.equal(smokeDocument(evidence({}, { bands })).verdict, 'passed');
  });

  it('counts minutes over a gap, and shows the span', () => {
    const overNight = { window: { from: '2026-11-23T21:50:00.000Z', to: '2026-11-24T12:00:00.000Z' } };

    const document = smokeDocument(evidence(overNight));

    assert.deepEqual([document.verdict, document.instances[0]?.window?.spanMinutes], ['passed', 850]);
  });

  it('has the last good run beside every band, where that run had one', () => {
    const document = smokeDocument(evidence({}, { lastGood: LAST_GOOD }));
    const { lastGood, difference } = bandOf(document, 'orders') ?? {};

    assert.deepEqual([lastGood, difference, document.lastGood?.run], [8, 2, LAST_GOOD.run]);
    assert.deepEqual([bandOf(document, 'latency')?.difference, bandOf(document, 'bars')?.lastGood], [null, null]);
  });

  it('names an instance that did not answer, with the reports of the others still there', () => {
    const silent = new Refusal('EngineUnreachable', 'btc-momentum-2 did not answer', 'look at it');

    const document = smokeDocument(
      evidence({}, { answers: [answered('btc-momentum-1'), answered('btc-momentum-2', silent)] }),
    );

    assert.deepEqual(
      [document.verdict, told(document)],
      ['inconclusive', ['btc-momentum-2.smoke.report: btc-momentum-2 did not answer']],
    );
    assert.deepEqual(
      document.instances.map(({ verdict }) => verdict),
      ['passed', 'inconclusive'],
    );
    assert.deepEqual(
      document.reports.map(({ instanceId }) => instanceId),
      ['btc-momentum-1'],
    );
    assert.match(
      smokeSummary(document),
      /^smoke inconclusive: 1 of 2 instances .* over 15 recorded minutes, up to 0 h old$/,
    );
  });

  it('of no instance at all is inconclusive', () => {
    const document = smokeDocument(evidence({}, { answers: [] }));

    assert.deepEqual([document.verdict, document.gates[0]?.verdict], ['inconclusive', 'no-go']);
    assert.equal(
      smokeSummary(document),
      'smoke inconclusive: 0 of 0 instances stayed in every band over 15 recorded minutes',
    );
  });

  it('says where each finding comes from: the instance, the digest of its report, and when', () => {
    const [gate] = smokeDocument(evidence()).gates;

    assert.deepEqual(gate?.findings[0]?.evidence, {
      ...{ source: 'smoke replay of btc-momentum-1', observedAt: START.toISOString() },
      hash: digestOf(REPORT),
    });
  });

  it('is read back from its own JSON, and becomes what the next one is shown beside', () => {
    const document = smokeDocument(evidence({}, { lastGood: LAST_GOOD }));

    assert.deepEqual(SmokeDocument.parse(JSON.parse(JSON.stringify(document))), document);
    const next = lastGoodOf(document, { key: 'k', hash: ARTIFACT }, 'btc-momentum/15m');
    assert.deepEqual([next.instances[0]?.measured.orders, next.run], [10, document.run]);
  });
});

describe('the entry of a smoke replay', () => {
  const run = { id: RUN, requestedBy: person('trader', 'execution-trader').subject } as Run;
  const typeOf = (document: Document, gates = document.gates) =>
    smokeEntry(run, { document, archived: { key: 'k', hash: ARTIFACT } }, gates).type;
  const failed = smokeDocument(evidence({ latency: { p50Ms: 1, p95Ms: 500 } }));

  it('says whether it passed, failed, or failed and was overridden', () => {
    const overridden = failed.gates.map(({ gate, findings }) =>
      gateResult(
        gate,
        findings.map((each) => (each.verdict === 'go' ? each : { ...each, verdict: 'warn' as const })),
      ),
    );

    assert.deepEqual(
      [typeOf(smokeDocument(evidence())), typeOf(failed), typeOf(failed, overridden)],
      ['smoke.passed', 'smoke.failed', 'smoke.overridden'],
    );
  });
});

describe('SmokeBands', () => {
  const bands = { minOrders: 1, maxOrders: 2, maxNotional: 1, maxPriceDistanceBps: 1, maxRejects: 0 };

  it('asks for the latency guardrail of the runbook, and nothing about age, when nobody agreed anything else', () => {
    const { maxLatencyP95Ms, maxCancelRatio, maxAgeHours, soft: overridable } = SmokeBands.parse(bands);

    assert.deepEqual([maxLatencyP95Ms, maxCancelRatio, maxAgeHours, overridable], [120, 1, undefined, ['latency']]);
  });

  it('refuses bands that nothing can be in, and bands that nobody knows', () => {
    assert.match(String(SmokeBands.safeParse({ ...bands, minOrders: 3 }).error), /minOrders is more than maxOrders/);
    for (const wrong of [
      { maxSlippage: 1 },
      { maxCancelRatio: -1 },
      { soft: ['everything'] },
      { maxNotional: Infinity },
    ])
      assert.equal(SmokeBands.safeParse({ ...bands, ...wrong }).success, false, JSON.stringify(wrong));
  });
});
