import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { checkSmoke } from './check-smoke.ts';
import { gateResult, refusalOf } from './finding.ts';

const WINDOW_MINUTES = 15; // runbook 2.4
const DEADLINE_MS = 30_000;

/** Runbook 2.4: every engine replays the last 15 recorded minutes in dry-run; its orders stay inside the tolerance bands. Archived as `smoke.json`. */
export async function runSmokeValidation(
  command: RunStep,
  ports: Ports,
): Promise<StepResult & { smokeDigest: string }> {
  const { strategyId, epoch, runId } = command;
  const [registration, run] = await Promise.all([readRegistration(strategyId, ports), readRun(command, ports)]);
  const order = { strategyId, epoch, commandId: `${runId}/smoke`, runId, windowMinutes: WINDOW_MINUTES };
  const reports = await Promise.all(
    enginesOf(registration).map((instance) => ports.engines.smoke(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  const gates = reports.map((report) =>
    gateResult('smoke', checkSmoke(report, registration.policy.smoke, WINDOW_MINUTES)),
  );
  const document = { run: runId, strategy: strategyId, bands: registration.policy.smoke, reports, gates };
  const archived = await writeRunEvidence(run, 'smoke.json', document, ports);
  const refusal = refusalOf(gates);
  if (refusal) throw refusal;
  return runStep(
    command,
    'RunSmokeValidation',
    (state) => ({
      state,
      entries: [{ type: 'smoke.passed', actor: run.requestedBy, run: runId, payload: { report: archived, gates } }],
      reply: { summary: gates.map(({ summary }) => summary).join('; '), verdict: 'go', smokeDigest: archived.hash },
    }),
    ports,
  );
}
