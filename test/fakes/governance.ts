import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readDashboard } from '../../adapters/yaml/read-dashboard.ts';
import type { GovernanceKey } from '../../domain/governance/governance-key.ts';

/** A governance key in memory. */
export function governanceKey(): GovernanceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    sign: async (message) => sign(null, message, privateKey),
    publicKey: async () => publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/** The dashboard as it is shipped. */
export const shippedDashboard = () =>
  readDashboard(
    readFileSync(new URL('../../observability/dashboards/live.yaml', import.meta.url), 'utf8'),
    'observability/dashboards/live.yaml',
  );
