import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** What stands before the 32 bytes of a key in its DER SPKI form (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/** Checks signatures of one key; a malformed signature is a no. */
export type Ed25519Verifier = (message: Uint8Array, signature: Uint8Array) => boolean;

/** Whether `signature` over `message` was made by the Ed25519 key given as base64 DER SPKI (RFC 8032, RFC 8410). A malformed key or signature is a no. */
export function verifiesEd25519(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  return verifierOf(Buffer.from(publicKey, 'base64'))?.(message, signature) ?? false;
}

/** A verifier for many signatures of one key, given as its 32 bytes; nothing when they are no key. */
export const ed25519Verifier = (key: Uint8Array): Ed25519Verifier | undefined =>
  key.length === KEY_BYTES ? verifierOf(Buffer.concat([SPKI_PREFIX, key])) : undefined;

/** The 32 bytes of an Ed25519 key in DER SPKI form; nothing when it is another kind of key. */
export function ed25519KeyIn(spki: Uint8Array): Uint8Array | undefined {
  const fits =
    spki.length === SPKI_PREFIX.length + KEY_BYTES && SPKI_PREFIX.equals(spki.subarray(0, SPKI_PREFIX.length));
  return fits ? spki.subarray(SPKI_PREFIX.length) : undefined;
}

function verifierOf(spki: Buffer): Ed25519Verifier | undefined {
  const key = keyIn(spki);
  if (key?.asymmetricKeyType !== 'ed25519') return undefined;
  return (message, signature) => signature.length === 64 && verify(null, message, key, signature);
}

function keyIn(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined; // fail closed: what cannot be read proves nothing
  }
}
