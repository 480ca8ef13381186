import type { Ports } from '../ports/ports.ts';
import type { KeyUse, TrustedKey } from './trusted-key.ts';

/** Where trusted keys come from: the deployed configuration, read strongly, and those that the installation itself was given. */
export type KeyPorts = Pick<Ports, 'trustedManifestKeys' | 'records'>;

/** The keys that are known for this use, revoked and expired ones too, so that a finding can say so. */
export async function keysTrustedFor(use: KeyUse, { records, trustedManifestKeys }: KeyPorts): Promise<TrustedKey[]> {
  const configured = await records.get('MANIFESTKEYS', 'trusted');
  return [...(configured?.keys ?? []), ...trustedManifestKeys].filter((key) => key.use === use);
}
