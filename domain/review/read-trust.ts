import type { Run } from '../control-record.ts';
import type { GovernanceKey } from '../governance/governance-key.ts';
import { manifestKey, readManifest } from '../launch/change-manifest.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import { judgeSignatures } from '../manifest/judge-signatures.ts';
import { type KeyPorts, keysTrustedFor } from '../manifest/keys-trusted-for.ts';
import type { Ports } from '../ports/ports.ts';
import type { LaunchTrust, StoredManifest } from './audit/judge-launch.ts';
import type { Trust } from './audit/wrong-signature.ts';
import { credentialHistory } from './credential-history.ts';
import { readEntries } from './read-entries.ts';

export type TrustPorts = KeyPorts & {
  readonly ledger: Pick<Ports['ledger'], 'page'>;
  readonly evidence: Pick<Ports['evidence'], 'read'>;
  readonly demoAuthenticators: Ports['demoAuthenticators'];
  readonly governance: Pick<GovernanceKey, 'publicKey'>;
};

const DESK = LogId.parse('desk');

/** What an audit believes beside the log of the strategy: the keys of people and devices by the whole log `desk`, the governance key, and the manifest with the keys that are trusted for it. */
export async function readTrust(subject: Run, ports: TrustPorts): Promise<Trust & LaunchTrust> {
  const [desk, governanceKey, manifest] = await Promise.all([
    readEntries(DESK, { from: 0, to: Number.POSITIVE_INFINITY }, ports),
    ports.governance.publicKey(),
    storedManifest(subject, ports),
  ]);
  return { keys: credentialHistory(desk), demoAuthenticators: ports.demoAuthenticators, governanceKey, manifest };
}

async function storedManifest({ strategyId }: Run, ports: TrustPorts): Promise<StoredManifest | undefined> {
  const [document, keys] = await Promise.all([
    ports.evidence.read(manifestKey(strategyId)),
    keysTrustedFor('manifest', ports),
  ]);
  const read = document && readManifest(document.bytes);
  if (!document || !read || typeof read === 'string') return undefined;
  const { issuedAt } = read.manifest.predicate;
  return { hash: document.hash, judgedAt: (now) => judgeSignatures(read.envelope, keys, { issuedAt, now }) };
}
