import { digestOf } from '../ledger/digest.ts';
import { type Finding, finding } from './finding.ts';

export type Attested = {
  instanceId: string;
  artifactDigest: string | null;
  limitsDigest: string | null;
  parametersDigest: string | null;
};
export type Approved = { artifactDigest: string; limitsDigest: string; parametersDigest: string };

/** Approved = effective, on every engine instance (product section 3, 1.4 and 2.2): one stale server is a no-go that names it (the Knight Capital lesson). */
export function checkAttestation(
  instances: readonly string[],
  attested: readonly Attested[],
  approved: Approved,
  now: Date,
): Finding[] {
  return instances.flatMap((instanceId) => {
    const actual = attested.find((each) => each.instanceId === instanceId);
    const evidence = {
      source: `engine ${instanceId}`,
      observedAt: now.toISOString(),
      ...(actual && { hash: digestOf(digestsOf(actual)) }),
    };
    const same = (
      what: keyof Approved,
      code: 'ArtifactNotAttested' | 'RiskEnvelopeMismatch' | 'ParametersNotApproved',
    ) =>
      finding(actual?.[what] === approved[what], code, {
        check: `${instanceId}.${what}`,
        expected: approved[what],
        actual: actual?.[what] ?? 'no attestation',
        evidence,
      });
    return [
      same('artifactDigest', 'ArtifactNotAttested'),
      same('limitsDigest', 'RiskEnvelopeMismatch'),
      same('parametersDigest', 'ParametersNotApproved'),
    ];
  });
}

const digestsOf = ({ instanceId, artifactDigest, limitsDigest, parametersDigest }: Attested): Attested => ({
  ...{ instanceId, artifactDigest, limitsDigest, parametersDigest },
});
