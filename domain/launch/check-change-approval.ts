import type { Digest, StrategyId } from '../ids.ts';
import type { EvidenceDocument } from '../ports/evidence.ts';
import { artifactOf, type ChangeManifest, manifestKey, readManifest } from './change-manifest.ts';
import { type DsseEnvelope, trustedSignersOf } from './dsse.ts';
import { type Finding, finding } from './finding.ts';

export type ChangeApprovalEvidence = {
  document: EvidenceDocument | undefined;
  trustedKeys: readonly string[];
  now: Date;
};
export type ChangeRequest = {
  strategyId: StrategyId;
  environment: string;
  artifact?: Digest | undefined;
  ticket?: string | undefined;
};

/** Runbook 1.1: the strategy's signed manifest is there, signed by a trusted key, unexpired, and about exactly what is to be launched. */
export function checkChangeApproval(
  request: ChangeRequest,
  { document, trustedKeys, now }: ChangeApprovalEvidence,
): Finding[] {
  const source = {
    source: manifestKey(request.strategyId),
    observedAt: now.toISOString(),
    ...(document && { hash: document.hash }),
  };
  const there = finding(document !== undefined, 'ManifestMissing', {
    check: 'change.manifest-present',
    expected: `a manifest at ${source.source}`,
    actual: document ? 'present' : 'nothing there',
    evidence: source,
  });
  if (!document) return [there];
  const read = readManifest(document.bytes);
  if (typeof read === 'string') {
    return [
      there,
      finding(false, 'ManifestTampered', {
        check: 'change.manifest-readable',
        expected: 'a DSSE envelope with a change manifest',
        actual: read,
        evidence: source,
      }),
    ];
  }
  return [there, checkSignature(read.envelope, trustedKeys), ...checkStatement(read.manifest, request, now)].map(
    (each) => ({ ...each, evidence: source }),
  );
}

function checkSignature(envelope: DsseEnvelope, trustedKeys: readonly string[]): Finding {
  const signers = trustedSignersOf(envelope, trustedKeys);
  const actual =
    envelope.signatures.length === 0
      ? 'unsigned'
      : `${envelope.signatures.length} signatures, none of them verifies with a trusted key`;
  return finding(signers.length > 0, envelope.signatures.length === 0 ? 'ManifestUnsigned' : 'ManifestTampered', {
    check: 'change.manifest-signature',
    expected: `signed by one of ${trustedKeys.length} trusted keys`,
    actual: signers.length > 0 ? `signed by ${signers.length} trusted keys` : actual,
  });
}

function checkStatement(manifest: ChangeManifest, request: ChangeRequest, now: Date): Finding[] {
  const { expiresAt, environment, ticket } = manifest.predicate;
  const same = (check: string, expected: string, actual: string) =>
    finding(expected === actual, 'ManifestForeign', { check, expected, actual });
  return [
    finding(now.toISOString() < expiresAt, 'ManifestExpired', {
      check: 'change.manifest-unexpired',
      expected: `expiry after ${now.toISOString()}`,
      actual: expiresAt,
    }),
    same('change.strategy', request.strategyId, String(manifest.subject[0]?.name)),
    same('change.environment', request.environment, environment),
    same('change.artifact', request.artifact ?? artifactOf(manifest), artifactOf(manifest)),
    finding(request.ticket === undefined || request.ticket === ticket, 'TicketMismatch', {
      check: 'change.ticket',
      expected: request.ticket ?? 'any ticket',
      actual: ticket,
    }),
  ];
}
