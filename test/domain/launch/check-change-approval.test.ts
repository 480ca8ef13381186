import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { checkChangeApproval } from '../../../domain/launch/check-change-approval.ts';
import type { Finding } from '../../../domain/launch/finding.ts';
import { digestOf, digestOfBytes } from '../../../domain/ledger/digest.ts';
import { manifestOf, newKey, signedManifest, signedStatement, trustedKey } from '../../fakes/signed-manifest.ts';
import { ARTIFACT, LIMITS, PARAMETERS, START, STRATEGY } from '../../fakes/world.ts';

const signer = newKey();
const second = newKey();
const approved = {
  strategyId: STRATEGY,
  artifact: ARTIFACT,
  parameters: digestOf(PARAMETERS),
  limits: digestOf(LIMITS),
};
const request = { strategyId: STRATEGY, environment: 'prod' };
const known = trustedKey(signer.trusted);

const check = (text: string | undefined, { keys = [known], now = START, ask = {} } = {}): Finding[] => {
  const bytes = Buffer.from(text ?? '');
  const document =
    text === undefined
      ? undefined
      : { key: manifestKey(STRATEGY), bytes, hash: digestOfBytes(bytes), storedAt: START.toISOString() };
  return checkChangeApproval({ ...request, ...ask }, { document, keys, now });
};
const noes = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'no-go').map(({ code }) => code);
const signatureOf = (findings: readonly Finding[]) =>
  findings
    .filter((each) => each.check === 'change.manifest-signature')
    .map(({ verdict, code, actual }) => ({ verdict, code, actual }));

describe('checkChangeApproval', () => {
  it('goes for a manifest that a trusted key signed for exactly this, and says whose key it was', () => {
    const findings = check(signedManifest(approved, signer.key), { ask: { artifact: ARTIFACT, ticket: 'TP-1' } });

    assert.deepEqual([noes(findings), findings.length], [[], 8]);
    assert.equal(signatureOf(findings)[0]?.actual, 'signed by quant-2026 of sub-quant');
  });

  it('tells every finding the digest of what was read', () => {
    const text = signedManifest(approved, signer.key);

    const hashes = new Set(check(text).map(({ evidence }) => evidence.hash));

    assert.deepEqual([...hashes], [digestOfBytes(text)]);
  });

  const envelope = JSON.parse(signedManifest(approved, signer.key)) as { payload: string };
  const other = JSON.parse(signedManifest({ ...approved, ticket: 'TP-9' }, signer.key)) as { payload: string };
  const statement = (change: (from: ReturnType<typeof manifestOf>) => unknown) =>
    signedStatement(change(manifestOf(approved)), signer.key);
  const predicate = (changes: Record<string, unknown>) =>
    statement((from) => ({ ...from, predicate: { ...from.predicate, ...changes } }));
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
      'one that expires this very moment',
      signedManifest({ ...approved, expiresAt: START.toISOString() }, signer.key),
      'ManifestExpired',
    ],
    [
      'one that was issued in the future',
      signedManifest({ ...approved, issuedAt: '2026-11-24T12:01:01.000Z' }, signer.key),
      'ManifestForeign',
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
    ['base64 junk', JSON.stringify({ ...envelope, payload: '!!not base64!!' }), 'ManifestTampered'],
    ['a payload that is no JSON', JSON.stringify({ ...envelope, payload: 'AAAA' }), 'ManifestTampered'],
    ['an envelope of something else', JSON.stringify({ ...envelope, payloadType: 'text/plain' }), 'ManifestTampered'],
    ['an envelope without a statement', JSON.stringify({ ...envelope, payload: 'e30=' }), 'ManifestTampered'],
    ['an unknown predicate', statement((from) => ({ ...from, predicateType: 'https://x' })), 'ManifestTampered'],
    [
      'two subjects',
      statement((from) => ({ ...from, subject: [...from.subject, ...from.subject] })),
      'ManifestTampered',
    ],
    ['a member that nobody knows', predicate({ force: true }), 'ManifestTampered'],
    ['half a commit', predicate({ commit: 'c0ffee0' }), 'ManifestTampered'],
    ['a ticket that is a sentence', predicate({ ticket: 'see my mail' }), 'ManifestTampered'],
    ['one that expires before it is issued', predicate({ issuedAt: '2027-01-01T00:00:00Z' }), 'ManifestTampered'],
    ['five megabytes', ' '.repeat(5_000_000), 'ManifestTampered'],
  ] as const) {
    it(`refuses ${what}`, () => assert.deepEqual(noes(check(text)), [code]));
  }

  it('says how large it is, and how large it may be', () => {
    const [, readable] = check(' '.repeat(5_000_000));

    assert.equal(readable?.actual, '5000000 bytes, more than 65536');
  });

  it('refuses another artifact or another ticket than asked for, with both said', () => {
    const ask = { artifact: digestOf('foreign'), ticket: 'TP-2' };

    assert.deepEqual(noes(check(signedManifest(approved, signer.key), { ask })), ['ManifestForeign', 'TicketMismatch']);
  });
});

describe('checkChangeApproval, over keys that come and go', () => {
  const text = signedManifest(approved, signer.key);
  const issuedAt = '2026-11-01T00:00:00Z';

  it('does not count a key that was revoked, even for what it signed before, and says why it was', () => {
    const keys = [trustedKey(signer.trusted, { revokedAt: '2026-11-24T12:00:00.000Z', reason: 'laptop stolen' })];

    assert.deepEqual(signatureOf(check(text, { keys })), [
      {
        verdict: 'no-go',
        code: 'ManifestKeyRevoked',
        actual: 'signed by quant-2026 of sub-quant, which was revoked at 2026-11-24T12:00:00.000Z: laptop stolen',
      },
    ]);
  });

  it('says no reason where none was given, and that a key is good until further notice', () => {
    const revoked = [trustedKey(signer.trusted, { revokedAt: '2026-11-02T00:00:00Z' })];
    const early = [trustedKey(signer.trusted, { from: '2026-11-02T00:00:00Z' })];

    const told = [revoked, early].map((keys) => signatureOf(check(text, { keys }))[0]?.actual ?? '');

    assert.match(told[0] ?? '', /revoked at 2026-11-02T00:00:00Z$/);
    assert.match(told[1] ?? '', /good from 2026-11-02T00:00:00Z until further notice/);
  });

  it('counts a key until the moment of its revocation', () => {
    const keys = [trustedKey(signer.trusted, { revokedAt: '2026-11-24T12:00:00.001Z' })];

    assert.deepEqual(noes(check(text, { keys })), []);
  });

  for (const [what, changes, expected] of [
    ['a key that had run out when the manifest was issued', { until: issuedAt }, ['ManifestKeyExpired']],
    ['a key that was not good yet', { from: '2026-11-01T00:00:00.001Z' }, ['ManifestKeyExpired']],
    ['a key that ran out since', { until: '2026-11-02T00:00:00Z' }, []],
  ] as const) {
    it(`judges ${what} by when the manifest was issued`, () =>
      assert.deepEqual(noes(check(text, { keys: [trustedKey(signer.trusted, changes)] })), expected));
  }

  it('goes by one signature that counts, and warns of those beside it that do not', () => {
    const keys = [known, trustedKey(second.trusted, { id: 'risk-2025', holder: 'sub-risk', revokedAt: issuedAt })];

    const findings = check(signedManifest(approved, signer.key, second.key, newKey().key), { keys });

    assert.deepEqual(noes(findings), []);
    assert.deepEqual(
      signatureOf(findings).map(({ verdict, code }) => [verdict, code]),
      [
        ['go', 'ManifestTampered'],
        ['warn', 'ManifestKeyRevoked'],
        ['warn', 'ManifestTampered'],
      ],
    );
  });

  it('tells a signature without a key id as well', () => {
    const anonymous = JSON.parse(signedManifest(approved, newKey().key)) as { signatures: { keyid?: string }[] };
    for (const signature of anonymous.signatures) delete signature.keyid;

    assert.equal(signatureOf(check(JSON.stringify(anonymous)))[0]?.actual, 'a signature of none of the 1 trusted keys');
  });

  it('believes no key id: a signature that names a trusted key and is not its own says so', () => {
    const forged = JSON.parse(signedManifest(approved, newKey().key)) as { signatures: { keyid: string }[] };
    for (const signature of forged.signatures) signature.keyid = 'quant-2026';

    const [told] = signatureOf(check(JSON.stringify(forged)));

    assert.equal(told?.actual, 'a signature that names quant-2026 and was not made by it over these bytes');
  });
});
