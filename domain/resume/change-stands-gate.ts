import { readRegistration, readStrategy } from '../change.ts';
import { manifestKey } from '../launch/change-manifest.ts';
import type { GoNoGoPorts } from '../launch/collect-evidence.ts';
import { finding, type GateResult, gateResult } from '../launch/finding.ts';
import { type ApprovedChange, readApprovedChange } from '../launch/read-approved-change.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import { answered } from './answered.ts';

/** What an engine has loaded, by the names of its digests. */
export const LOADED = ['artifactDigest', 'limitsDigest', 'parametersDigest'] as const;

/** Runbook 1.1 once more: what the strategy was launched with is approved still, unexpired, for this environment, and nothing else has been approved since. */
export async function changeStandsGate(
  { strategyId }: RunStep,
  ports: Omit<GoNoGoPorts, 'governance'>,
): Promise<GateResult> {
  const [approved, state, registration] = await Promise.all([
    answered(readApprovedChange(strategyId, ports)),
    readStrategy(strategyId, ports),
    readRegistration(strategyId, ports),
  ]);
  const evidence = { source: manifestKey(strategyId), observedAt: ports.now().toISOString() };
  const check = { check: 'change.approved', expected: 'an approval that stands', evidence };
  if (approved instanceof Refusal)
    return gateResult('change approval', [finding(false, approved.code, { ...check, actual: approved.message })]);
  const same = (name: string, expected: string, actual: string) =>
    finding(expected === actual, 'ManifestForeign', { check: `change.${name}`, expected, actual, evidence });
  return gateResult('change approval', [
    finding(true, 'ManifestExpired', { ...check, actual: `stands until ${approved.expiresAt}` }),
    same('environment', registration.environment, approved.environment),
    ...LOADED.map((name) => same(name, state[name] ?? 'nothing was deployed', approved[name])),
  ]);
}

/** The part of an approved change that two people sign for a resumption. */
export const digestsOf = ({ artifactDigest, limitsDigest, parametersDigest }: ApprovedChange) => ({
  artifactDigest,
  limitsDigest,
  parametersDigest,
});
