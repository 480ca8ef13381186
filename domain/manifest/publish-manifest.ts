import type { Role } from '../approval/approval.ts';
import { type Changed, change, readRegistration } from '../change.ts';
import type { ActorId, Digest, StrategyId } from '../ids.ts';
import {
  artifactOf,
  type ChangeManifest,
  manifestKey,
  type ReadManifest,
  readManifest,
} from '../launch/change-manifest.ts';
import { checkChangeApproval } from '../launch/check-change-approval.ts';
import { gateResult, refusalOf } from '../launch/finding.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import type { EvidenceDocument, EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { judgeSignatures } from './judge-signatures.ts';
import { keysTrustedFor } from './keys-trusted-for.ts';
import { signersOf } from './signers-of.ts';

/** Those who bring an approved change to the control plane. Their publishing approves nothing: the signatures do. */
export const MAY_PUBLISH: readonly Role[] = ['execution-trader', 'quant'];

export type PublishManifest = {
  readonly strategyId: StrategyId;
  readonly actor: ActorId;
  readonly key: string;
  readonly envelope: ReadManifest['envelope'];
};

export type ManifestPublished = {
  readonly strategyId: StrategyId;
  readonly key: string;
  readonly digest: Digest;
  /** Of the version that it takes the place of. */
  readonly replaces: Digest | null;
  readonly signers: ActorId[];
  readonly summary: string;
};

export type PublishPorts = Pick<Ports, 'strategies' | 'records' | 'trustedManifestKeys' | 'now' | 'jitter'> & {
  /** Manifests and nothing else of the evidence bucket. */
  readonly manifests: Pick<EvidenceStore, 'read' | 'replace'>;
};

/**
 * Puts a signed manifest where the gates read it, as a new version; who did that stands in the ledger first (runbook 1.1). Refuses
 * one that gate 1.1 would refuse, one in which a key signed twice, and one older than what is there (ManifestOutdated).
 * A launch that is under way is then about something else, and fails at its next step.
 */
export async function publishManifest(
  command: PublishManifest,
  ports: PublishPorts,
): Promise<Changed<ManifestPublished>> {
  const { strategyId, envelope, actor, key } = command;
  const bytes = Buffer.from(`${canonicalJson(envelope)}\n`);
  const path = manifestKey(strategyId);
  const before = await ports.manifests.read(path);
  const { manifest, signers } = await requireGood(strategyId, bytes, ports);
  const digest = digestOfBytes(bytes);
  requireNewer(manifest, before, digest);
  const replaces = before && before.hash !== digest ? before.hash : null;
  const summary = `the manifest of ${strategyId} for ${manifest.predicate.ticket} is published`;
  const reply: ManifestPublished = { strategyId, key: path, digest, replaces, signers, summary };
  const entry = {
    type: 'manifest.published',
    actor,
    ticket: manifest.predicate.ticket,
    payload: told(manifest, reply),
  };
  const changed = await change(
    strategyId,
    { key, body: envelope },
    (state) => ({ state, entries: [entry], reply }),
    ports,
  );
  if (before?.hash !== digest) await put(path, bytes, before, ports);
  return changed;
}

async function put(path: string, bytes: Uint8Array, before: EvidenceDocument | undefined, { manifests }: PublishPorts) {
  if (await manifests.replace(path, bytes, before)) return;
  throw new Refusal(
    'Contended',
    'somebody else has published a manifest in this moment',
    'look at it, then publish again',
  );
}

/** What gate 1.1 asks of the document itself, with every finding; and that no key signs twice. */
async function requireGood(strategyId: StrategyId, bytes: Uint8Array, ports: PublishPorts) {
  const now = ports.now();
  const read = readManifest(bytes);
  if (typeof read === 'string')
    throw new Refusal(
      'InvalidRequest',
      `this is no signed manifest: ${read}`,
      'make it with: tradepulse-cli manifest create',
    );
  const [keys, { environment }] = await Promise.all([
    keysTrustedFor('manifest', ports),
    readRegistration(strategyId, ports),
  ]);
  const document = { key: manifestKey(strategyId), bytes, hash: digestOfBytes(bytes), storedAt: now.toISOString() };
  const findings = checkChangeApproval({ strategyId, environment }, { document, keys, now });
  const no = refusalOf([gateResult('manifest', findings)]);
  if (no)
    throw new Refusal(no.code, no.message, 'mend what the findings name, have it signed, and publish again', no.facts);
  const judged = judgeSignatures(read.envelope, keys, { issuedAt: read.manifest.predicate.issuedAt, now });
  const ids = judged.flatMap(({ key }) => (key ? [key.id] : []));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new Refusal('InvalidRequest', `${twice} has signed twice`, 'each key signs once: sign the statement again');
  return { manifest: read.manifest, signers: signersOf(judged) };
}

/** Nobody brings back an approval that another has taken the place of. */
function requireNewer(manifest: ChangeManifest, before: EvidenceDocument | undefined, digest: Digest): void {
  const stored = before && before.hash !== digest ? readManifest(before.bytes) : 'nothing';
  if (typeof stored === 'string') return; // what cannot be read approves nothing that could be outdated
  const there = stored.manifest.predicate.issuedAt;
  if (Date.parse(manifest.predicate.issuedAt) >= Date.parse(there)) return;
  throw new Refusal(
    'ManifestOutdated',
    `this manifest was issued at ${manifest.predicate.issuedAt}, and the one that is there at ${there}`,
    'have the change approved again, in a new manifest',
    { issuedAt: manifest.predicate.issuedAt, stored: there },
  );
}

function told(manifest: ChangeManifest, { key, digest, replaces, signers }: ManifestPublished) {
  const { commit, ciRun, environment, parametersDigest, limitsDigest, expiresAt } = manifest.predicate;
  return {
    ...{ key, digest, replaces, signers, artifactDigest: artifactOf(manifest) },
    ...{ commit, ciRun, environment, parametersDigest, limitsDigest, expiresAt },
  };
}
