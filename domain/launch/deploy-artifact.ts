import { askInstances } from '../ask-instances.ts';
import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { checkInstances } from './check-instances.ts';
import { type Deployed, deployLog } from './deploy-log.ts';
import { refusalOf } from './finding.ts';
import { notableFindings } from './notable-findings.ts';
import { readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 20_000;

/**
 * Runbook 2.2: every engine instance loads the approved artifact, limits and parameters, and attests what it really runs and how it
 * is set up. Archived as `deploy.log`, and recorded with the digests of each instance whether all agree or not: one that is stale, or
 * does not answer, is a no-go that names it, and hides none of the others.
 */
export async function deployArtifact(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, epoch, runId } = command;
  const [registration, approved, run] = await Promise.all([
    readRegistration(strategyId, ports),
    readApprovedChange(strategyId, ports),
    readRun(command, ports),
  ]);
  const { artifactDigest, limitsDigest, parametersDigest, parameters, limits, ticket } = approved;
  const order = { strategyId, epoch, commandId: `${runId}/deploy`, artifactDigest, parameters, limits };
  const from = ports.now();
  const deployed = await askInstances(
    registration,
    (instance) => ports.engines.deploy(instance, order, { deadlineMs: DEADLINE_MS }),
    ports,
  );
  const to = ports.now();
  const gate = checkInstances('deployment', deployed, approved, registration, to);
  const log = deployLog({ strategyId, runId, epoch, ticket, approved, deployed, gate, from, to });
  const archived = await writeRunEvidence(run, 'deploy.log', log, ports);
  const refusal = refusalOf(notableFindings([gate]));
  const good = { artifactDigest, limitsDigest, parametersDigest, run: { id: runId, ticket } };
  const result = await runStep(
    command,
    'DeployArtifact',
    (state) => ({
      state: refusal ? state : { ...state, ...good },
      entries: [
        {
          type: refusal ? 'deployment.refused' : 'deployment.attested',
          ...{ actor: run.requestedBy, run: runId, ticket },
          payload: { artifactDigest, instances: deployed.map(recorded), log: archived, gate },
        },
      ],
      // a launch may be asked for without its ticket: from here on the run names that of the manifest
      records: run.ticket === ticket ? [] : [{ kind: 'RUN', record: { ...run, ticket } }],
      reply: refusal
        ? { summary: gate.summary, verdict: 'no-go' }
        : { summary: `${deployed.length} of ${deployed.length} instances attest ${artifactDigest}`, verdict: 'go' },
    }),
    ports,
  );
  if (refusal) throw refusal;
  return result;
}

function recorded({ instanceId, askedAt, answeredAt, said }: Deployed) {
  const times = { instanceId, askedAt: askedAt.toISOString(), answeredAt: answeredAt.toISOString() };
  if (said instanceof Refusal) return { ...times, code: said.code, message: said.message };
  const { artifactDigest, limitsDigest, parametersDigest, configurationDigest, configuration } = said;
  return { ...times, artifactDigest, limitsDigest, parametersDigest, configurationDigest, configuration };
}
