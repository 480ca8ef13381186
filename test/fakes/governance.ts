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

const FILE = 'observability/dashboards/live.yaml';
let read: ReturnType<typeof readDashboard> | undefined;

/** The dashboard as it is shipped, read once: every world has it. */
export function shippedDashboard() {
  read ??= readDashboard(readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8'), FILE);
  return read;
}
