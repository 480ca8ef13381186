import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Installation } from '../host/installation.ts';
import { secretFor } from '../host/secret-for.ts';
import type { DemoUser } from '../identity/demo-user.ts';
import type { ManifestKey } from './sign-manifest.ts';

/** What stands before the 32 bytes of a private key in its PKCS #8 form (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Who holds the demo key that signs manifests: somebody who launches nothing, or the two who do could not both confirm. */
const HOLDER = 'quant';

/** The key that signs the CI attestations of the demo strategies: the same at every start of this installation. */
export function demoCiKey(installation: Installation): ManifestKey {
  const seed = Buffer.from(secretFor(installation, 'ci-attestations'), 'base64url');
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return {
    privateKey: der.toString('base64'),
    publicKey: key.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

/** The keys of this installation as the parameter TrustedManifestKeys takes them (adapters/aws/keys-of-parameter.ts). */
export function trustedDemoKeys(installation: Installation, users: readonly DemoUser[]): string {
  const holder = users.find(({ name }) => name === HOLDER);
  if (!holder) throw new Error(`there is no demo user ${HOLDER}, who holds the key of the demo manifests`);
  return `${installation.manifestKey.publicKey}=${holder.subject},ci:${demoCiKey(installation).publicKey}=service:demo-ci`;
}
