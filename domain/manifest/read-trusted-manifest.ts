import type { ActorId, Digest, StrategyId } from '../ids.ts';
import { type ChangeManifest, manifestKey, readManifest } from '../launch/change-manifest.ts';
import type { EvidenceStore } from '../ports/evidence.ts';
import { Refusal } from '../refusal.ts';
import { judgeSignatures } from './judge-signatures.ts';
import { type KeyPorts, keysTrustedFor } from './keys-trusted-for.ts';
import { signersOf } from './signers-of.ts';

export type TrustedManifest = {
  readonly manifest: ChangeManifest;
  /** The people whose signatures count; at least one. */
  readonly signers: ActorId[];
  /** Digest of the stored envelope. */
  readonly hash: Digest;
};

export type ManifestPorts = KeyPorts & { readonly evidence: Pick<EvidenceStore, 'read'>; readonly now: () => Date };

/**
 * The manifest of a strategy as it is stored now, if a trusted key signed it. Throws ManifestMissing, ManifestUnsigned,
 * ManifestTampered, ManifestKeyRevoked or ManifestKeyExpired; whether it has expired itself is the caller's to judge.
 */
export async function readTrustedManifest(strategyId: StrategyId, ports: ManifestPorts): Promise<TrustedManifest> {
  const [document, keys] = await Promise.all([
    ports.evidence.read(manifestKey(strategyId)),
    keysTrustedFor('manifest', ports),
  ]);
  if (!document)
    throw new Refusal(
      'ManifestMissing',
      `there is no manifest at ${manifestKey(strategyId)}`,
      'publish the signed manifest: tradepulse-cli manifest publish',
    );
  const read = readManifest(document.bytes);
  if (typeof read === 'string') throw distrusted('ManifestTampered', read);
  const { envelope, manifest } = read;
  const judged = judgeSignatures(envelope, keys, { issuedAt: manifest.predicate.issuedAt, now: ports.now() });
  const signers = signersOf(judged);
  if (signers.length > 0) return { manifest, signers, hash: document.hash };
  const [first] = judged;
  throw distrusted(first?.code ?? 'ManifestUnsigned', first?.told ?? 'it has no signature');
}

const distrusted = (
  code: 'ManifestTampered' | 'ManifestUnsigned' | 'ManifestKeyRevoked' | 'ManifestKeyExpired',
  why: string,
) =>
  new Refusal(
    code,
    `the manifest is not signed by a trusted key: ${why}`,
    'publish the signed manifest again, and find out who changed it',
  );
