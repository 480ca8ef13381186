import { createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** Signs with the Ed25519 key in a secret (PKCS8 PEM). For the kill key only: it may only halt, and a kill does not wait for KMS. */
export function createSecretSigner(secret: () => Promise<string>): (message: Uint8Array) => Promise<Uint8Array> {
  let key: KeyObject | undefined;
  return async (message) => {
    key ??= createPrivateKey(await secret());
    return sign(null, message, key);
  };
}
