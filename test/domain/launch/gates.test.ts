import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { checkChangeApproval } from '../../../domain/launch/check-change-approval.ts';
import { checkRiskEnvelope } from '../../../domain/launch/check-risk-envelope.ts';
import { checkSmoke } from '../../../domain/launch/check-smoke.ts';
import { type Finding, gateResult, refusalOf } from '../../../domain/launch/finding.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { digestOf, digestOfBytes } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { newKey, signedManifest } from '../../fakes/signed-manifest.ts';
import {
  ARTIFACT,
  LIMITS,
  PARAMETERS,
  REGISTRATION,
  RUN,
  START,
  STRATEGY,
  stateOf,
  trader,
  world,
} from '../../fakes/world.ts';

const signer = newKey();
const approved = {
  strategyId: STRATEGY,
  artifact: ARTIFACT,
  parameters: digestOf(PARAMETERS),
  limits: digestOf(LIMITS),
};
const request = { strategyId: STRATEGY, environment: 'prod' };
const evidence = (text: string | undefined, now = START) => {
  const bytes = Buffer.from(text ?? '');
  const document =
    text === undefined
      ? undefined
      : { key: manifestKey(STRATEGY), bytes, hash: digestOfBytes(bytes), storedAt: START.toISOString() };
  return { document, trustedKeys: [newKey().trusted, signer.trusted], now };
};
const noes = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'no-go').map(({ code }) => code);

describe('checkChangeApproval', () => {
  it('goes for a manifest that a trusted key signed for exactly this', () => {
    const findings = checkChangeApproval(
      { ...request, artifact: ARTIFACT, ticket: 'TP-1' },
      evidence(signedManifest(approved, signer.key)),
    );

    assert.deepEqual([noes(findings), findings.length], [[], 7]);
  });

  const envelope = JSON.parse(signedManifest(approved, signer.key)) as { payload: string };
  const other = JSON.parse(signedManifest({ ...approved, ticket: 'TP-9' }, signer.key)) as { payload: string };
  for (const [what, text, code] of [
    ['no manifest', undefined, 'ManifestMissing'],
    ['one without a signature', signedManifest(approved), 'ManifestUnsigned'],
    ['one signed by a stranger', signedManifest(approved, newKey().key), 'ManifestTampered'],
    [
      'one whose content was changed after signing',
      JSON.stringify({ ...envelope, payload: other.payload }),
      'ManifestTampered',
    ],
    [
      'one that has expired',
      signedManifest({ ...approved, expiresAt: '2026-11-24T12:00:00.000Z' }, signer.key),
      'ManifestExpired',
    ],
    [
      'one for another strategy',
      signedManifest({ ...approved, strategyId: 'eurusd-carry' }, signer.key),
      'ManifestForeign',
    ],
    [
      'one for another environment',
      signedManifest({ ...approved, environment: 'paper' }, signer.key),
      'ManifestForeign',
    ],
    ['what is no JSON', 'x', 'ManifestTampered'],
    ['an envelope of something else', JSON.stringify({ ...envelope, payloadType: 'text/plain' }), 'ManifestTampered'],
    ['an envelope without a statement', JSON.stringify({ ...envelope, payload: 'e30=' }), 'ManifestTampered'],
    ['two megabytes', ' '.repeat(2_000_000), 'ManifestTampered'],
  ] as const) {
    it(`refuses ${what}`, () => assert.deepEqual(noes(checkChangeApproval(request, evidence(text))), [code]));
  }

  it('refuses another artifact or another ticket than asked for, with both said', () => {
    const findings = checkChangeApproval(
      { ...request, artifact: digestOf('foreign'), ticket: 'TP-2' },
      evidence(signedManifest(approved, signer.key)),
    );

    assert.deepEqual(noes(findings), ['ManifestForeign', 'TicketMismatch']);
  });

  it('trusts no malformed key', () => {
    const given = { ...evidence(signedManifest(approved, signer.key)), trustedKeys: ['not a key'] };

    assert.deepEqual(noes(checkChangeApproval(request, given)), ['ManifestTampered']);
  });
});

describe('checkRiskEnvelope', () => {
  const limits = { version: 1, strategies: { [STRATEGY]: LIMITS } };

  it('goes when stored is approved', () =>
    assert.deepEqual(noes(checkRiskEnvelope(STRATEGY, { limits, approved: digestOf(LIMITS), now: START })), []));

  for (const [what, given] of [
    ['limits that differ by one number', { version: 1, strategies: { [STRATEGY]: { ...LIMITS, leverageCap: 4 } } }],
    ['no limits for the strategy', { version: 1, strategies: {} }],
    ['a negative cap', { version: 1, strategies: { [STRATEGY]: { ...LIMITS, leverageCap: -1 } } }],
    ['an unknown member', { ...limits, extra: 1 }],
    ['nothing readable', undefined],
  ] as const) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(noes(checkRiskEnvelope(STRATEGY, { limits: given, approved: digestOf(LIMITS), now: START })), [
        'RiskEnvelopeMismatch',
      ]));
  }

  it('refuses when nothing was approved', () => {
    assert.deepEqual(
      noes(checkRiskEnvelope(STRATEGY, { limits, hash: digestOf('x'), approved: undefined, now: START })),
      ['RiskEnvelopeMismatch'],
    );
  });
});

describe('checkSmoke', () => {
  const bands = REGISTRATION.policy.smoke;
  const order = { quantity: 1, price: 100, referencePrice: 100 };
  const checks = (changes: object) =>
    checkSmoke({ bars: 15, orders: [order], rejects: 0, ...changes }, bands, 15)
      .filter(({ verdict }) => verdict === 'no-go')
      .map(({ check }) => check);

  it('passes orders inside every band', () => assert.deepEqual(checks({}), []));
  for (const [what, changes, check] of [
    ['too few minutes', { bars: 14 }, 'smoke.bars'],
    ['no orders', { orders: [] }, 'smoke.orders'],
    ['a large order', { orders: [{ ...order, quantity: -11 }] }, 'smoke.notional'],
    ['a price far away', { orders: [{ ...order, price: 101 }] }, 'smoke.price-distance'],
    ['rejects', { rejects: 1 }, 'smoke.rejects'],
  ] as const) {
    it(`refuses ${what}`, () => assert.deepEqual(checks(changes), [check]));
  }
});

describe('a gate', () => {
  it('without findings proved nothing', () => {
    const gate = gateResult('empty', []);

    assert.equal(gate.verdict, 'no-go');
    assert.equal(refusalOf([gate])?.code, 'NoGo');
  });
});

describe('requestLaunch', () => {
  const ask = (changes: object, freezes: Parameters<typeof requestLaunch>[1]['freezes'] = []) =>
    requestLaunch(
      { ...stateOf(world()), ...changes },
      { caller: trader, runId: RUN, request: { environment: 'prod', ticket: 'TP-1' }, freezes, now: START },
    );
  const lock = {
    runId: RUN,
    actor: trader.subject,
    acquiredAt: START.toISOString(),
    expiresAt: '2026-11-24T13:00:00.000Z',
  };
  const freeze = {
    id: 'kill-x',
    scope: 'all' as const,
    source: 'kill' as const,
    reason: 'x was killed',
    runId: RUN,
    by: trader.subject,
    since: START.toISOString(),
  };

  it('records the intent, and is LAUNCHING', () => {
    const decision = ask({ lock: { ...lock, expiresAt: START.toISOString() } });

    assert.ok(!(decision instanceof Refusal));
    assert.deepEqual(
      [decision.state.mode, decision.records?.[0]?.kind, decision.state.run?.ticket],
      ['LAUNCHING', 'RUN', 'TP-1'],
    );
  });

  for (const [what, decision, code] of [
    ['killed', ask({ mode: 'KILLED' }), 'StrategyKilled'],
    ['live', ask({ mode: 'ACTIVE' }), 'StrategyNotOff'],
    ['locked', ask({ lock }), 'DeploymentLocked'],
    ['frozen', ask({}, [freeze]), 'LaunchesFrozen'],
  ] as const) {
    it(`refuses while ${what}`, () => assert.equal(decision instanceof Refusal && decision.code, code));
  }
});
