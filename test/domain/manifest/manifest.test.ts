import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { signEd25519 } from '../../../domain/crypto/sign-ed25519.ts';
import { manifestKey, readManifest } from '../../../domain/launch/change-manifest.ts';
import { parametersKey, readApprovedChange } from '../../../domain/launch/read-approved-change.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { judgeSignatures } from '../../../domain/manifest/judge-signatures.ts';
import { keysTrustedFor } from '../../../domain/manifest/keys-trusted-for.ts';
import { readTrustedManifest } from '../../../domain/manifest/read-trusted-manifest.ts';
import { registerKeys } from '../../../domain/manifest/register-keys.ts';
import { envelopeOf, signEnvelope } from '../../../domain/manifest/sign-envelope.ts';
import { TrustedKeyList } from '../../../domain/manifest/trusted-key.ts';
import { manifestOf, newKey, signedManifest, trustedKey } from '../../fakes/signed-manifest.ts';
import { START, STRATEGY, world } from '../../fakes/world.ts';

const secretOf = (key: ReturnType<typeof newKey>) =>
  key.key.export({ format: 'der', type: 'pkcs8' }).toString('base64');

describe('signEnvelope', () => {
  const [quant, risk] = [newKey(), newKey()];
  const keys = [trustedKey(quant.trusted), trustedKey(risk.trusted, { id: 'risk-2026', holder: 'sub-risk' })];
  const statement = manifestOf(world().approved);
  const at = { issuedAt: statement.predicate.issuedAt, now: START };
  const signed = signEnvelope(signEnvelope(envelopeOf(statement), 'quant-2026', secretOf(quant)), 'x', secretOf(risk));

  it('makes signatures that count, one after the other', () => {
    assert.deepEqual(
      judgeSignatures(signed, keys, at).map(({ code, key }) => [code, key?.id]),
      [
        [undefined, 'quant-2026'],
        [undefined, 'risk-2026'],
      ],
    );
  });

  it('signs the encoding that DSSE prescribes: `DSSEv1`, lengths and bytes', () => {
    const payload = Buffer.from(signed.payload, 'base64');
    const type = 'application/vnd.in-toto+json';
    const message = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
    const key = createPublicKey({ key: Buffer.from(quant.trusted, 'base64'), format: 'der', type: 'spki' });

    assert.ok(verify(null, message, key, Buffer.from(signed.signatures[0]?.sig ?? '', 'base64')));
  });

  it('has no signature that counts once a single byte of the payload is another', () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = Buffer.from(signed.payload, 'base64');
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;

        const judged = judgeSignatures({ ...signed, payload: bytes.toString('base64') }, keys, at);

        assert.ok(judged.every(({ code }) => code === 'ManifestTampered'));
      }),
      { seed: 1, numRuns: 50 },
    ));

  it('takes either alphabet of base64', () => {
    const text = JSON.stringify({
      ...signed,
      payload: Buffer.from(signed.payload, 'base64').toString('base64url'),
      signatures: signed.signatures.map(({ sig }) => ({ sig: Buffer.from(sig, 'base64').toString('base64url') })),
    });

    const read = readManifest(Buffer.from(text));

    assert.ok(typeof read !== 'string', String(read));
    assert.ok(judgeSignatures(read.envelope, keys, at).every(({ code }) => code === undefined));
  });

  it('signs with no key of another kind', () => {
    const x25519 = 'MC4CAQAwBQYDK2VuBCIEIHABsUAAKLWRW4bRCPTTPNxwS0YhkI5fXRXgbCWCgXVb';

    assert.throws(() => signEd25519(x25519, Buffer.from('x')), /no Ed25519 key/);
  });
});

describe('readManifest', () => {
  it('says in words what is wrong with any bytes at all, and never throws', () => {
    const envelope = fc.record({
      payloadType: fc.constant('application/vnd.in-toto+json'),
      payload: fc.base64String(),
      signatures: fc.jsonValue(),
    });
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json().map(Buffer.from),
      envelope.map((each) => Buffer.from(JSON.stringify(each))),
    );

    fc.assert(
      fc.property(anything, (bytes) => {
        assert.equal(typeof readManifest(bytes), 'string');
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('keysTrustedFor', () => {
  it('takes those of the configuration and of the installation, each for its own use', async () => {
    const made = world();
    const configured = trustedKey(newKey().trusted, { id: 'ci-new', use: 'ci' });
    await made.store.put({ kind: 'MANIFESTKEYS', record: { id: 'trusted', keys: [configured] } });

    const ids = async (use: 'manifest' | 'ci') => (await keysTrustedFor(use, made.ports)).map(({ id }) => id);

    assert.deepEqual([await ids('manifest'), await ids('ci')], [['quant-2026'], ['ci-new', 'ci-2026']]);
  });
});

describe('registerKeys', () => {
  const key = trustedKey(newKey().trusted);
  const told = (made: ReturnType<typeof world>) =>
    (made.store.logs.get('desk') ?? []).map(({ text }) => {
      const { type, payload } = JSON.parse(text);
      return [type, payload.added, payload.changed, payload.removed];
    });

  it('writes the keys with an entry that says what changed, and nothing when nothing did', async () => {
    const made = world();
    const revoked = { ...key, revokedAt: '2026-11-24T11:00:00.000Z', reason: 'lost' };

    await registerKeys([key], 'v1', made.ports);
    await registerKeys([key], 'v2', made.ports);
    await registerKeys([revoked, trustedKey(newKey().trusted, { id: 'risk-2026' })], 'v3', made.ports);
    await registerKeys([], 'v4', made.ports);

    assert.deepEqual(told(made), [
      ['manifest-keys.changed', ['quant-2026'], [], []],
      ['manifest-keys.changed', ['risk-2026'], ['quant-2026'], []],
      ['manifest-keys.changed', [], [], ['quant-2026', 'risk-2026']],
    ]);
  });

  it('writes nothing on an installation without keys', async () => {
    const made = world();

    await registerKeys([], 'v1', made.ports);

    assert.deepEqual(told(made), []);
  });

  it('takes away at once what a revoked key approved', async () => {
    const made = world();
    const ports = { ...made.ports, trustedManifestKeys: [] };
    const own = newKey();
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(signedManifest(made.approved, own.key)));
    const configured = trustedKey(own.trusted);
    await registerKeys([configured], 'v1', ports);
    assert.deepEqual((await readTrustedManifest(STRATEGY, ports)).signers, ['sub-quant']);

    await registerKeys([{ ...configured, revokedAt: START.toISOString(), reason: 'lost' }], 'v2', ports);

    await assert.rejects(readTrustedManifest(STRATEGY, ports), { name: 'ManifestKeyRevoked' });
  });

  it('reads the list as CloudFormation hands it over, and says what is wrong with it', () => {
    assert.deepEqual(TrustedKeyList.parse(JSON.stringify([key])), [key]);
    assert.match(String(TrustedKeyList.safeParse(JSON.stringify([{ ...key, publicKey: 'x' }])).error), /publicKey/);
  });
});

describe('readApprovedChange', () => {
  it('tells what is approved, by whom, and the digest of the document that says so', async () => {
    const made = world();
    const stored = made.evidence.files.get(manifestKey(STRATEGY)) ?? Buffer.from('');

    const approved = await readApprovedChange(STRATEGY, made.ports);

    assert.deepEqual(
      [approved.signers, approved.manifestDigest, approved.ticket, approved.ciRun, approved.commit.length],
      [['sub-quant'], digestOfBytes(stored), 'TP-1', 'ci-1', 40],
    );
  });

  it('names each person once, however many keys they have', async () => {
    const made = world();
    const [one, two] = [newKey(), newKey()];
    const keys = [trustedKey(one.trusted), trustedKey(two.trusted, { id: 'quant-laptop' })];
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(signedManifest(made.approved, one.key, two.key)));

    const { signers } = await readApprovedChange(STRATEGY, { ...made.ports, trustedManifestKeys: keys });

    assert.deepEqual(signers, ['sub-quant']);
  });

  it('refuses a manifest from the very moment it expires', async () => {
    const made = world();
    const soon = { ...made.approved, expiresAt: '2026-11-24T12:10:00.000Z' };
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(signedManifest(soon, made.key)));
    made.pass(599_999);
    await readApprovedChange(STRATEGY, made.ports);

    made.pass(1);

    await assert.rejects(readApprovedChange(STRATEGY, made.ports), { name: 'ManifestExpired' });
  });

  const unsigned = JSON.stringify({ payloadType: 'application/vnd.in-toto+json', payload: 'e30=', signatures: [] });
  for (const [what, text, code] of [
    ['nothing', undefined, 'ManifestMissing'],
    ['no signature', signedManifest(world().approved), 'ManifestUnsigned'],
    ['a stranger', signedManifest(world().approved, newKey().key), 'ManifestTampered'],
    ['no manifest', unsigned, 'ManifestTampered'],
  ] as const) {
    it(`refuses where there is ${what}`, async () => {
      const made = world();
      made.evidence.files.delete(manifestKey(STRATEGY));
      if (text !== undefined) made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(text));

      await assert.rejects(readApprovedChange(STRATEGY, made.ports), { name: code });
    });
  }

  for (const [what, key, text, code] of [
    ['limits that are gone', LIMITS_KEY, undefined, 'RiskEnvelopeMismatch'],
    ['limits of others', LIMITS_KEY, '{"version":1,"strategies":{}}', 'RiskEnvelopeMismatch'],
    ['parameters that are gone', parametersKey(STRATEGY), undefined, 'ParametersNotApproved'],
    ['parameters that are a list', parametersKey(STRATEGY), '[]', 'ParametersNotApproved'],
    ['parameters of others', parametersKey(STRATEGY), '{"window":21}', 'ParametersNotApproved'],
  ] as const) {
    it(`is not about ${what}`, async () => {
      const made = world();
      made.evidence.files.delete(key);
      if (text !== undefined) made.evidence.files.set(key, Buffer.from(text));

      await assert.rejects(readApprovedChange(STRATEGY, made.ports), { name: code });
    });
  }
});
