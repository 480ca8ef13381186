import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { signedHeaders, signRequest } from '../../../domain/crypto/sign-request.ts';

/** `test-key-ed25519` of RFC 9421, appendix B.1.4. */
const KEY = createPrivateKey({
  key: Buffer.from('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF', 'base64'),
  format: 'der',
  type: 'pkcs8',
});
const signer = { keyid: 'device:office-button' as const, sign: async (data: Uint8Array) => sign(null, data, KEY) };
const moment = { now: new Date('2026-01-05T14:30:00Z'), nonce: '0f6d2c1e9b7a4d358a61' };
const targetUri = 'https://control.example.com/v1/device-kills';

describe('signRequest', () => {
  it('makes the worked example of docs/device-kill.md', async () => {
    const body = new TextEncoder().encode('{"strategy":"btc-momentum","reason":"button pressed"}');

    const { headers, base, signature } = await signedHeaders({ method: 'POST', targetUri, body }, signer, moment);

    assert.equal(headers['signature'], `sig=:${signature}:`);
    assert.ok(verify(null, Buffer.from(base), createPublicKey(KEY), Buffer.from(signature, 'base64')));
    const { readFile } = await import('node:fs/promises');
    const page = await readFile(new URL('../../../docs/device-kill.md', import.meta.url), 'utf8');
    for (const text of [base, ...Object.values(headers)]) assert.ok(page.includes(text), text);
  });

  it('covers no digest where there is no body', async () => {
    const headers = await signRequest({ method: 'GET', targetUri }, signer, moment);

    assert.deepEqual(Object.keys(headers), ['signature-input', 'signature']);
    assert.ok(!headers['signature-input']?.includes('content-digest'));
  });
});
