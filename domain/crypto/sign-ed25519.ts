import { createPrivateKey, sign } from 'node:crypto';

/** Signs with an Ed25519 key given as base64 DER PKCS #8 (RFC 8410). Throws at what is no such key. */
export function signEd25519(privateKey: string, message: Uint8Array): Buffer {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('this is no Ed25519 key');
  return sign(null, message, key);
}
