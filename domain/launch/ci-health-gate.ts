import { readRegistration } from '../change.ts';
import type { StrategyId } from '../ids.ts';
import { keysTrustedFor } from '../manifest/keys-trusted-for.ts';
import { type ManifestPorts, readTrustedManifest, type TrustedManifest } from '../manifest/read-trusted-manifest.ts';
import type { CiChecks, CiRead } from '../ports/ci-checks.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import { artifactOf, type ChangeManifest, manifestKey } from './change-manifest.ts';
import { checkCiHealth } from './check-ci-health.ts';
import { ciAttestationKey, readCiAttestation } from './ci-attestation.ts';
import type { CiSource } from './ci-policy.ts';
import { type Finding, finding, type GateResult, gateResult } from './finding.ts';

/** What gate 1.2 looks at: the approved commit, and what CI says of it. */
export type CiHealthPorts = ManifestPorts & { readonly ciChecks: CiChecks };

/** Gate 1.2: CI is green for exactly the commit, and the artifact, that a trusted manifest names. */
export async function ciHealthGate(
  { strategyId }: Pick<RunStep, 'strategyId'>,
  ports: CiHealthPorts,
): Promise<GateResult> {
  const [{ policy }, trusted] = await Promise.all([
    readRegistration(strategyId, ports),
    trustedManifest(strategyId, ports),
  ]);
  const named = commitNamed(strategyId, trusted, ports.now());
  if (trusted instanceof Refusal) return gateResult('CI health', [named]);
  const { commit } = trusted.manifest.predicate;
  const read = await readChecks(trusted.manifest, policy.ci, ports);
  const health = { commit, requiredChecks: policy.requiredChecks, maxAgeHours: policy.ciMaxAgeHours };
  return gateResult('CI health', [named, ...checkCiHealth(health, read, ports.now())]);
}

/** Why a manifest does not count is gate 1.1's to tell; here it only means that no commit is approved. */
async function trustedManifest(strategyId: StrategyId, ports: ManifestPorts): Promise<TrustedManifest | Refusal> {
  try {
    return await readTrustedManifest(strategyId, ports);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Which commit this is about, and which manifest says so: whoever compares gates can see that they read the same one. */
function commitNamed(strategyId: StrategyId, trusted: TrustedManifest | Refusal, now: Date): Finding {
  const [check, expected] = ['ci.commit', 'a commit that a trusted manifest names'];
  const evidence = { source: manifestKey(strategyId), observedAt: now.toISOString() };
  if (trusted instanceof Refusal)
    return finding(false, trusted.code, { check, expected, actual: trusted.message, evidence });
  const { manifest, hash } = trusted;
  return finding(true, 'CiMissing', {
    check,
    expected,
    actual: manifest.predicate.commit,
    evidence: { ...evidence, hash },
  });
}

async function readChecks(manifest: ChangeManifest, ci: CiSource, ports: CiHealthPorts): Promise<CiRead> {
  const { commit } = manifest.predicate;
  if (ci.source === 'github') return ports.ciChecks.read(ci.repository, commit);
  const [document, keys] = await Promise.all([
    ports.evidence.read(ciAttestationKey(commit)),
    keysTrustedFor('ci', ports),
  ]);
  const artifactHex = artifactOf(manifest).slice('sha256:'.length);
  return readCiAttestation(document, { commit, artifactHex }, { keys, now: ports.now() });
}
