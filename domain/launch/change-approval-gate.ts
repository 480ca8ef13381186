import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import { manifestKey } from './change-manifest.ts';
import { checkChangeApproval } from './check-change-approval.ts';
import { finding, type GateResult, gateResult } from './finding.ts';
import { LaunchRequest } from './request-launch.ts';

/** Gate 1.1, over the evidence bucket and the request that was recorded with the run. */
export async function changeApprovalGate({ strategyId, runId }: RunStep, ports: Ports): Promise<GateResult> {
  const [document, run, registration] = await Promise.all([
    ports.evidence.read(manifestKey(strategyId)),
    ports.records.get('RUN', runId),
    readRegistration(strategyId, ports),
  ]);
  if (!run)
    throw new Refusal(
      'NoIntent',
      `no launch was recorded as ${runId}`,
      'launch through the API or the CLI, not by hand',
    );
  const request = LaunchRequest.parse(run.request);
  const findings = checkChangeApproval(
    { strategyId, ...request },
    { document, trustedKeys: ports.trustedManifestKeys, now: ports.now() },
  );
  const registered = finding(request.environment === registration.environment, 'ManifestForeign', {
    check: 'change.registered-environment',
    expected: registration.environment,
    actual: request.environment,
  });
  return gateResult('change approval', [...findings, registered]);
}
