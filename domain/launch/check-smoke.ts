import type { RefusalCode } from '../refusal.ts';
import type { BandResult, InstanceSmoke } from '../smoke/instance-smoke.ts';
import { type EvidenceRef, type Finding, finding, softFinding } from './finding.ts';

/** What must have been replayed: the artifact that the deployment attested. Without it what was replayed is shown, and not judged. */
export type Replayed = { readonly artifactDigest?: string | undefined };

/**
 * Runbook 2.4: what one instance replayed, band by band, the worst first. Too few orders, too few minutes and no report at all
 * prove nothing: `SmokeInconclusive`, which nobody overrides.
 */
export function checkSmoke(instance: InstanceSmoke, expected: Replayed, evidence: EvidenceRef): Finding[] {
  const { instanceId, problem } = instance;
  if (problem) {
    const seen = { check: `${instanceId}.smoke.report`, expected: 'a dry-run replay', actual: problem.message };
    return [finding(false, problem.code, { ...seen, evidence })];
  }
  const artifact = checkArtifact(instance, expected, evidence);
  const bands = instance.bands.map((band) => checkBand(instanceId, band, evidence));
  return [...artifact, ...bands].toSorted((left, right) => rank(left) - rank(right));
}

function checkArtifact({ instanceId, artifactDigest }: InstanceSmoke, expected: Replayed, evidence: EvidenceRef) {
  if (expected.artifactDigest === undefined) return [];
  return [
    finding(artifactDigest === expected.artifactDigest, 'ArtifactNotAttested', {
      check: `${instanceId}.smoke.artifact`,
      expected: expected.artifactDigest,
      actual: artifactDigest ?? 'it does not say what it replayed',
      evidence,
    }),
  ];
}

function checkBand(instanceId: string, result: BandResult, evidence: EvidenceRef): Finding {
  const { band, unit, measured, verdict, soft } = result;
  const value = measured === null ? 'not measured' : `${plain(measured)} ${unit}`;
  const seen = { check: `${instanceId}.smoke.${band}`, expected: expectedOf(result), evidence };
  if (verdict === 'inconclusive')
    return finding(false, 'SmokeInconclusive', { ...seen, actual: `inconclusive: ${value}` });
  const judge = soft ? softFinding : finding;
  return judge(verdict === 'passed', 'SmokeOutOfTolerance', { ...seen, actual: value });
}

function expectedOf({ min, max, unit }: BandResult): string {
  if (min !== null && max !== null)
    return min === max ? `${plain(min)} ${unit}` : `${plain(min)} to ${plain(max)} ${unit}`;
  return max === null ? 'shown, not judged' : `<= ${plain(max)} ${unit}`;
}

/** Four places: for people. The report has all of them. */
const plain = (value: number): string => String(Math.round(value * 10_000) / 10_000);

const ORDER: readonly RefusalCode[] = ['ArtifactNotAttested', 'SmokeOutOfTolerance', 'SmokeInconclusive'];
const rank = ({ verdict, code }: Finding): number => (verdict === 'go' ? ORDER.length : ORDER.indexOf(code));
