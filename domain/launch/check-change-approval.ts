import type { Digest, StrategyId } from '../ids.ts';
import { type JudgedSignature, judgeSignatures } from '../manifest/judge-signatures.ts';
import type { TrustedKey } from '../manifest/trusted-key.ts';
import type { EvidenceDocument } from '../ports/evidence.ts';
import { artifactOf, type ChangeManifest, manifestKey, readManifest } from './change-manifest.ts';
import { type EvidenceRef, type Finding, finding, warning } from './finding.ts';

const CLOCK_SKEW_MS = 60_000; // who signs may have a clock that is a little ahead

export type ChangeApprovalEvidence = {
  document: EvidenceDocument | undefined;
  /** Every key that is known, revoked and expired ones too. */
  keys: readonly TrustedKey[];
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
  { document, keys, now }: ChangeApprovalEvidence,
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
  const { issuedAt } = read.manifest.predicate;
  const signatures = checkSignatures(judgeSignatures(read.envelope, keys, { issuedAt, now }), keys.length, source);
  return [there, ...signatures, ...checkStatement(read.manifest, request, source, now)];
}

/** One that counts is enough, so beside it the others only warn. */
function checkSignatures(judged: readonly JudgedSignature[], known: number, evidence: EvidenceRef): Finding[] {
  const check = 'change.manifest-signature';
  const expected = `signed by one of ${known} trusted keys`;
  if (judged.length === 0)
    return [finding(false, 'ManifestUnsigned', { check, expected, actual: 'unsigned', evidence })];
  const signed = judged.some(({ code }) => code === undefined);
  return judged.map(({ code, told }) => {
    const seen = { check, expected, actual: told, evidence };
    return code && signed ? warning(code, seen) : finding(signed, code ?? 'ManifestTampered', seen);
  });
}

function checkStatement(manifest: ChangeManifest, request: ChangeRequest, evidence: EvidenceRef, now: Date): Finding[] {
  const { issuedAt, expiresAt, environment, ticket } = manifest.predicate;
  const same = (check: string, expected: string, actual: string) =>
    finding(expected === actual, 'ManifestForeign', { check, expected, actual, evidence });
  return [
    finding(Date.parse(issuedAt) <= now.getTime() + CLOCK_SKEW_MS, 'ManifestForeign', {
      check: 'change.manifest-issued',
      expected: `issued before ${now.toISOString()}`,
      actual: issuedAt,
      evidence,
    }),
    finding(now.getTime() < Date.parse(expiresAt), 'ManifestExpired', {
      check: 'change.manifest-unexpired',
      expected: `expiry after ${now.toISOString()}`,
      actual: expiresAt,
      evidence,
    }),
    same('change.strategy', request.strategyId, String(manifest.subject[0]?.name)),
    same('change.environment', request.environment, environment),
    same('change.artifact', request.artifact ?? artifactOf(manifest), artifactOf(manifest)),
    finding(request.ticket === undefined || request.ticket === ticket, 'TicketMismatch', {
      check: 'change.ticket',
      expected: request.ticket ?? 'any ticket',
      actual: ticket,
      evidence,
    }),
  ];
}
