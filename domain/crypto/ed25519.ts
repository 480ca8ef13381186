import { createPublicKey, verify } from 'node:crypto';

/** Whether `signature` over `message` was made by the Ed25519 key given as base64 DER SPKI (RFC 8032, RFC 8410). A malformed key or signature is a no. */
export function verifiesEd25519(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, message, key, signature);
  } catch {
    return false; // fail closed: what cannot be read proves nothing
  }
}
