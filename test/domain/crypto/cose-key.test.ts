import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { coseOfP256, coseVerifier } from '../../../domain/crypto/cose-key.ts';

const message = Buffer.from('a document');
const bytes = (text = '') => Buffer.from(text, 'base64url');
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const cose = {
  ES256: coseOfP256(bytes(jwkOf(p256.publicKey).x), bytes(jwkOf(p256.publicKey).y)),
  EdDSA: Buffer.concat([Buffer.from('a4010103272006215820', 'hex'), bytes(jwkOf(ed25519.publicKey).x)]),
  RS256: Buffer.concat([
    Buffer.from('a401030339010020590100', 'hex'),
    bytes(jwkOf(rsa.publicKey).n),
    Buffer.from('2143010001', 'hex'),
  ]),
};
const signatures = {
  ES256: sign('sha256', message, p256.privateKey),
  EdDSA: sign(null, message, ed25519.privateKey),
  RS256: sign('sha256', message, rsa.privateKey),
};
const algorithms = ['ES256', 'EdDSA', 'RS256'] as const;

describe('coseVerifier', () => {
  for (const algorithm of algorithms) {
    it(`checks ${algorithm}: the very message, by the very key`, () => {
      const verifies = coseVerifier(cose[algorithm]);

      assert.equal(verifies?.(message, signatures[algorithm]), true);
      assert.equal(verifies?.(Buffer.from('another'), signatures[algorithm]), false);
      assert.equal(verifies?.(message, Buffer.from('no signature')), false);
    });

    it(`takes no ${algorithm} key of which one bit was changed for the same key`, () =>
      fc.assert(
        fc.property(fc.nat(), fc.integer({ min: 0, max: 7 }), (at, bit) => {
          const changed = Buffer.from(cose[algorithm]);
          const place = at % changed.length;
          changed.writeUInt8(changed.readUInt8(place) ^ (1 << bit), place);

          assert.notEqual(coseVerifier(changed)?.(message, signatures[algorithm]), true);
        }),
        { seed: 20261124, numRuns: 300 },
      ));

    it(`reads no ${algorithm} key that is cut, or followed by something`, () => {
      for (let length = 0; length < cose[algorithm].length; length += 1)
        assert.equal(coseVerifier(cose[algorithm].subarray(0, length)), undefined);
      assert.equal(coseVerifier(Buffer.concat([cose[algorithm], Buffer.of(0)])), undefined);
    });
  }

  it('reads nothing of bytes that are no key, whatever they are', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => assert.equal(coseVerifier(any), undefined)),
      { seed: 20261124 },
    ));

  it('refuses a number in a longer form than it needs: the same key would have two texts', () => {
    const { EdDSA } = cose;
    for (const label of ['1801', '190001'])
      assert.equal(
        coseVerifier(Buffer.concat([EdDSA.subarray(0, 1), Buffer.from(label, 'hex'), EdDSA.subarray(2)])),
        undefined,
      );
  });

  it('takes no signature by an RSA key that is too small to make one', () => {
    const tiny = coseVerifier(Buffer.from('a4010303390100204109214103', 'hex'));

    assert.notEqual(tiny?.(message, Buffer.of(1)), true);
  });

  for (const [what, hex] of [
    ['a label that stands twice', 'a201020102'],
    ['a label that is a byte string', 'a14101'],
    ['a key of an algorithm that nobody asked for', 'a3010203382f2001'],
    [
      'a key on a curve that does not belong to its algorithm',
      `a5010203262002215820${'00'.repeat(32)}225820${'00'.repeat(32)}`,
    ],
    ['a point that is not on the curve', `a5010203262001215820${'01'.repeat(32)}225820${'01'.repeat(32)}`],
    ['a member more', `a6010203262001215820${'00'.repeat(32)}225820${'00'.repeat(32)}0401`],
    ['numbers in place of coordinates', 'a5010203262001210122 01'.replace(' ', '')],
  ] as const)
    it(`refuses ${what}`, () => assert.equal(coseVerifier(Buffer.from(hex, 'hex')), undefined));
});
