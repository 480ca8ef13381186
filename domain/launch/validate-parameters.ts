import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { checkAttestation } from './check-attestation.ts';
import { gateResult, refusalOf } from './finding.ts';
import { readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 5_000;

/** Runbook 2.3, first half: what every engine says it runs, asked afresh, equals the approved bundle. */
export async function validateParameters(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, approved, run] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readApprovedChange(command.strategyId, ports),
    readRun(command, ports),
  ]);
  const instances = enginesOf(registration);
  const statuses = await Promise.all(
    instances.map((instance) => ports.engines.riskStatus(instance, { deadlineMs: DEADLINE_MS })),
  );
  const names = instances.map(({ instanceId }) => instanceId);
  const gate = gateResult('parameters', checkAttestation(names, statuses, approved, ports.now()));
  const refusal = refusalOf([gate]);
  if (refusal) throw refusal;
  return runStep(
    command,
    'ValidateParameters',
    (state) => ({
      state,
      entries: [{ type: 'parameters.validated', actor: run.requestedBy, run: run.id, payload: { gate } }],
      reply: { summary: gate.summary, verdict: 'go' },
    }),
    ports,
  );
}
