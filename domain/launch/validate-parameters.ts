import { askInstances } from '../ask-instances.ts';
import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { checkInstances } from './check-instances.ts';
import { refusalOf } from './finding.ts';
import { readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 5_000;

/** Runbook 2.3, first half: what every engine says it runs and how it is set up, asked afresh, equals the approved bundle. */
export async function validateParameters(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, approved, run] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readApprovedChange(command.strategyId, ports),
    readRun(command, ports),
  ]);
  const said = await askInstances(
    registration,
    (instance) => ports.engines.riskStatus(instance, { deadlineMs: DEADLINE_MS }),
    ports,
  );
  const gate = checkInstances('parameters', said, approved, registration, ports.now());
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
