import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { checkAttestation } from './check-attestation.ts';
import { gateResult, refusalOf } from './finding.ts';
import { readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 20_000;

/** Runbook 2.2: every engine instance loads the approved artifact, limits and parameters, and attests what it really runs. Archived as `deploy.log`. */
export async function deployArtifact(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, epoch, runId } = command;
  const [registration, approved, run] = await Promise.all([
    readRegistration(strategyId, ports),
    readApprovedChange(strategyId, ports),
    readRun(command, ports),
  ]);
  const { artifactDigest, parameters, limits } = approved;
  const instances = enginesOf(registration);
  const order = { strategyId, epoch, commandId: `${runId}/deploy`, artifactDigest, parameters, limits };
  const attested = await Promise.all(
    instances.map((instance) => ports.engines.deploy(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  const now = ports.now();
  const names = instances.map(({ instanceId }) => instanceId);
  const gate = gateResult('deployment', checkAttestation(names, attested, approved, now));
  const log = [
    `${now.toISOString()} deploy ${artifactDigest} for ${runId}`,
    ...attested.map((each) => JSON.stringify(each)),
    gate.summary,
    '',
  ].join('\n');
  const archived = await writeRunEvidence(run, 'deploy.log', log, ports);
  const refusal = refusalOf([gate]);
  if (refusal) throw refusal;
  return runStep(
    command,
    'DeployArtifact',
    (state) => ({
      state: {
        ...state,
        artifactDigest,
        limitsDigest: approved.limitsDigest,
        parametersDigest: approved.parametersDigest,
        run: { id: runId, ticket: approved.ticket },
      },
      entries: [
        {
          type: 'deployment.attested',
          actor: run.requestedBy,
          run: runId,
          ticket: approved.ticket,
          payload: { artifactDigest, instances: names, log: archived },
        },
      ],
      reply: { summary: `${names.length} of ${names.length} instances attest ${artifactDigest}`, verdict: 'go' },
    }),
    ports,
  );
}
