import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { checkCiHealth } from '../../../domain/launch/check-ci-health.ts';
import { ciAttestationKey } from '../../../domain/launch/ci-attestation.ts';
import { ciHealthGate } from '../../../domain/launch/ci-health-gate.ts';
import type { GateResult } from '../../../domain/launch/finding.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import type { CiCheck } from '../../../domain/ports/ci-checks.ts';
import { CHECKS, ciAttestation, ciStatement } from '../../fakes/ci-attestation.ts';
import { COMMIT, newKey, signedManifest, signedStatement, trustedKey } from '../../fakes/signed-manifest.ts';
import { ARTIFACT, REGISTRATION, START, STRATEGY, world } from '../../fakes/world.ts';

const OTHER_COMMIT = 'dead'.repeat(10);
const noes = ({ findings }: Pick<GateResult, 'findings'>) =>
  findings.filter(({ verdict }) => verdict === 'no-go').map(({ check, code }) => [check, code]);

describe('gate 1.2, over a signed attestation', () => {
  let made = world();
  beforeEach(() => {
    made = world();
  });
  const gate = () => ciHealthGate({ strategyId: STRATEGY }, made.ports);
  const attested = (text: string, commit = COMMIT) =>
    made.evidence.files.set(ciAttestationKey(commit), Buffer.from(text));
  const problem = async () => {
    const { findings } = await gate();
    assert.deepEqual(
      findings.slice(1).map(({ check, verdict, code, hard }) => [check, verdict, code, hard]),
      [['ci.readable', 'no-go', 'CiUnreadable', true]],
    );
    return findings[1]?.actual ?? '';
  };

  it('goes when every required check of the approved commit succeeded, one finding each', async () => {
    const { verdict, findings } = await gate();

    assert.deepEqual(
      [verdict, findings.map(({ check }) => check)],
      ['go', ['ci.commit', ...CHECKS.map((name) => `ci.${name}`)]],
    );
    assert.deepEqual(
      findings.slice(0, 2).map(({ evidence }) => [evidence.source, evidence.hash?.slice(0, 7)]),
      [
        [manifestKey(STRATEGY), 'sha256:'],
        [`reports/ci/${COMMIT}.dsse.json`, 'sha256:'],
      ],
    );
    assert.equal(findings[0]?.actual, COMMIT);
  });

  it('is a no-go without an attestation of that commit, whatever there is of others', async () => {
    const text = Buffer.from(made.evidence.files.get(ciAttestationKey(COMMIT)) ?? '').toString();
    made.evidence.files.delete(ciAttestationKey(COMMIT));
    attested(text, OTHER_COMMIT);

    assert.equal(await problem(), `there is no CI attestation at reports/ci/${COMMIT}.dsse.json`);
  });

  it('takes no attestation of another commit that lies under the name of this one', async () => {
    attested(signedStatement(ciStatement(ARTIFACT, { commit: OTHER_COMMIT }), made.ciKey));

    assert.equal(await problem(), `it is not about commit ${COMMIT}`);
  });

  it('takes no attestation of another artifact', async () => {
    attested(ciAttestation(digestOf('another artifact'), made.ciKey));

    assert.match(await problem(), /^it is not about the artifact sha256:/);
  });

  it('takes none that a person signed who approves changes, nor a stranger, nor nobody', async () => {
    for (const [keys, told] of [
      [[made.key], /not signed by a CI key that counts: a signature of none of the 1 trusted keys/],
      [[newKey().key], /none of the 1 trusted keys/],
      [[], /it has no signature/],
    ] as const) {
      attested(signedStatement(ciStatement(ARTIFACT), ...keys));
      assert.match(await problem(), told);
    }
  });

  it('takes none of a CI key that was revoked', async () => {
    const ci = newKey();
    attested(ciAttestation(ARTIFACT, ci.key));
    const revoked = trustedKey(ci.trusted, {
      id: 'ci-old',
      use: 'ci',
      revokedAt: START.toISOString(),
      reason: 'leaked',
    });
    const ports = { ...made.ports, trustedManifestKeys: [...made.ports.trustedManifestKeys, revoked] };

    const { findings } = await ciHealthGate({ strategyId: STRATEGY }, ports);

    assert.match(findings[1]?.actual ?? '', /signed by ci-old of sub-quant, which was revoked at .*: leaked/);
  });

  for (const [what, text, told] of [
    ['what is no JSON', 'x', /no DSSE envelope/],
    [
      'another payload type',
      JSON.stringify({ payloadType: 'text/plain', payload: 'e30=', signatures: [] }),
      /text\/plain/,
    ],
    ['a manifest in its place', signedStatement({ predicateType: 'x' }), /no CI attestation/],
    ['two megabytes', ' '.repeat(2_000_000), /2000000 bytes, more than 1048576/],
  ] as const) {
    it(`does not read ${what}`, async () => {
      attested(text);

      assert.match(await problem(), told);
    });
  }

  it('is a no-go when no trusted manifest names a commit, and says why', async () => {
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(signedManifest(made.approved)));

    assert.deepEqual(noes(await gate()), [['ci.commit', 'ManifestUnsigned']]);
  });

  it('passes on a fault of the store as a fault', async () => {
    made.ports.evidence.read = async () => {
      throw new Error('the bucket is away');
    };

    await assert.rejects(gate(), /the bucket is away/);
  });

  it('asks GitHub where the policy says so, for this commit of that repository', async () => {
    const asked: string[] = [];
    const ci = { source: 'github' as const, repository: 'desk/strategies' };
    made.store.records.set(`REGISTRATION#${STRATEGY}`, {
      kind: 'REGISTRATION',
      record: { ...REGISTRATION, policy: { ...REGISTRATION.policy, ci } },
    });
    made.ports.ciChecks.read = async (...call) => {
      asked.push(...call);
      return { source: 'https://api.github.com/x', problem: 'GitHub does not answer' };
    };

    assert.equal(await problem(), 'GitHub does not answer');
    assert.deepEqual(asked, ['desk/strategies', COMMIT]);
  });
});

describe('checkCiHealth', () => {
  const health = { commit: COMMIT, requiredChecks: ['build'], maxAgeHours: 168 };
  const run = (changes: Partial<CiCheck> = {}): CiCheck => ({
    ...{ name: 'build', commit: COMMIT, conclusion: 'success', completedAt: '2026-11-24T09:00:00Z' },
    ...changes,
  });
  const judged = (...checks: CiCheck[]) => {
    const [found] = checkCiHealth(health, { source: 'ci', checks }, START);
    return [found?.verdict, found?.code, found?.actual];
  };
  const unfinished: CiCheck = { name: 'build', commit: COMMIT };

  for (const [what, checks, expected] of [
    ['no checks at all', [], ['no-go', 'CiMissing', 'there is no such check of this commit']],
    [
      'a check of another name',
      [run({ name: 'Build' })],
      ['no-go', 'CiMissing', 'there is no such check of this commit'],
    ],
    [
      'a success of another commit',
      [run({ commit: OTHER_COMMIT })],
      ['no-go', 'CiMissing', 'there is no such check of this commit'],
    ],
    [
      'a failure',
      [run({ conclusion: 'failure', url: 'https://ci/1' })],
      ['no-go', 'CiNotGreen', 'failure at 2026-11-24T09:00:00Z (https://ci/1)'],
    ],
    [
      'one that was skipped',
      [run({ conclusion: 'skipped' })],
      ['no-go', 'CiNotGreen', 'skipped at 2026-11-24T09:00:00Z'],
    ],
    [
      'one that still runs after an earlier success',
      [run(), { ...unfinished, url: 'https://ci/2' }],
      ['no-go', 'CiNotGreen', 'it has not finished (https://ci/2)'],
    ],
    [
      'a failure that came after a success',
      [run({ completedAt: '2026-11-24T08:00:00Z' }), run({ conclusion: 'failure' })],
      ['no-go', 'CiNotGreen', 'failure at 2026-11-24T09:00:00Z'],
    ],
    [
      'a success that came after a failure',
      [run({ conclusion: 'failure', completedAt: '2026-11-24T08:00:00Z' }), run()],
      ['go', 'CiStale', 'success at 2026-11-24T09:00:00Z'],
    ],
    [
      'a failure that is listed before the success it came after',
      [run({ conclusion: 'failure' }), run({ completedAt: '2026-11-24T08:00:00Z' })],
      ['no-go', 'CiNotGreen', 'failure at 2026-11-24T09:00:00Z'],
    ],
    [
      'a success that is exactly old enough',
      [run({ completedAt: '2026-11-17T12:00:00Z' })],
      ['go', 'CiStale', 'success at 2026-11-17T12:00:00Z'],
    ],
    [
      'a success that is too old',
      [run({ completedAt: '2026-11-17T11:59:59Z' })],
      ['no-go', 'CiStale', 'success at 2026-11-17T11:59:59Z'],
    ],
  ] as const) {
    it(`judges ${what}`, () => assert.deepEqual(judged(...checks), expected));
  }
});
