import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { TrustedKeyList } from '../../domain/manifest/trusted-key.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { parseManifestKeys, readManifestKeys } from '../../lib/manifest-keys-config.ts';

const publicKey = () => {
  const { publicKey: key } = generateKeyPairSync('ed25519');
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
};
const key = { id: 'quant-2026', publicKey: publicKey(), holder: 'sub-quant', from: '2026-01-01T00:00:00Z' };
const parsed = (...keys: object[]) => parseManifestKeys(stringify({ keys }), 'manifest-keys.yaml');

describe('readManifestKeys', () => {
  it('trusts nobody as it comes with the repository', () => {
    assert.deepEqual(readManifestKeys(fromRoot('config/manifest-keys.yaml')), []);
  });
});

describe('parseManifestKeys', () => {
  it('gives what the control plane takes, word for word', () => {
    const ci = { ...key, id: 'ci-2026', use: 'ci', publicKey: publicKey(), holder: 'service:ci' };
    const revoked = { ...key, id: 'old', publicKey: publicKey(), revokedAt: '2026-02-01T00:00:00Z', reason: 'lost' };
    const read = parsed(key, ci, revoked, {
      ...key,
      id: 'next',
      publicKey: publicKey(),
      until: '2027-01-01T00:00:00Z',
    });

    assert.equal(read[0]?.use, 'manifest');
    assert.deepEqual(TrustedKeyList.parse(JSON.stringify(read)), read);
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' });
  for (const [what, keys, told] of [
    [
      'a key that stands there twice',
      [key, { ...key, id: 'other' }],
      /:7:\d+: keys\.1\.publicKey: this key stands there twice/,
    ],
    [
      'an id that stands there twice',
      [key, { ...key, publicKey: publicKey() }],
      /keys\.1\.id: quant-2026 stands there twice/,
    ],
    [
      'a key of another kind',
      [{ ...key, publicKey: rsa.toString('base64') }],
      /:3:\d+: keys\.0\.publicKey: an Ed25519/,
    ],
    ['no key at all', [{ ...key, publicKey: 'none' }], /keys\.0\.publicKey: an Ed25519/],
    ['a key without a holder', [{ ...key, holder: '' }], /keys\.0\.holder/],
    [
      'one that runs out before it begins',
      [{ ...key, until: '2025-01-01T00:00:00Z' }],
      /keys\.0\.until: it runs out before/,
    ],
    [
      'one that is revoked for no reason',
      [{ ...key, revokedAt: '2026-02-01T00:00:00Z' }],
      /keys\.0\.revokedAt: .* say it/,
    ],
    ['a day in place of a time', [{ ...key, from: '2026-01-01' }], /keys\.0\.from: a time in UTC/],
    ['another use', [{ ...key, use: 'both' }], /keys\.0\.use/],
    ['a member that nobody knows', [{ ...key, trusted: true }], /trusted/],
  ] as const) {
    it(`refuses ${what}, with its line`, () =>
      assert.throws(
        () => parsed(...keys),
        ({ message }: Error) => {
          assert.match(message, /^manifest-keys\.yaml is not valid:\nmanifest-keys\.yaml:\d+:\d+: /);
          assert.match(message, told);
          return true;
        },
      ));
  }

  it('refuses what is no list, and a bomb', () => {
    const bomb = `a: &a [x]\nb: &b [${'*a,'.repeat(10)}]\nkeys: [${'*b,'.repeat(30)}]\n`;

    assert.throws(() => parseManifestKeys('keys: none', 'f'), /f:1:1: keys/);
    assert.throws(() => parseManifestKeys(bomb, 'f'), /is not valid/);
  });
});
