import type { Said } from '../ask-instances.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { type Approved, type Attested, checkAttestation } from './check-attestation.ts';
import { type Configured, checkConfiguration } from './check-configuration.ts';
import { finding, type GateResult, gateResult } from './finding.ts';

/** Runbook 2.2 and 2.3: what every instance says it runs equals what was approved, and they are set up alike. One that said nothing is named first, with why. */
export function checkInstances(
  gate: 'deployment' | 'parameters',
  said: readonly Said<Attested & Configured>[],
  approved: Approved,
  { venues, policy }: Registration,
  now: Date,
): GateResult {
  const silent = said.flatMap(({ instanceId, said: answer }) =>
    answer instanceof Refusal
      ? [
          finding(false, answer.code, {
            ...{ check: `${instanceId}.answer`, expected: 'what it runs', actual: answer.message },
            evidence: { source: `engine ${instanceId}`, observedAt: now.toISOString() },
          }),
        ]
      : [],
  );
  const attested = said.flatMap(({ said: answer }) => (answer instanceof Refusal ? [] : [answer]));
  const names = attested.map(({ instanceId }) => instanceId);
  const expected = { venues, configurationDigest: policy.engineConfiguration };
  return gateResult(gate, [
    ...silent,
    ...checkAttestation(names, attested, approved, now),
    ...checkConfiguration(attested, expected, now),
  ]);
}
