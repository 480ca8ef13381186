import { readStrategy } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { archiveSmoke } from '../smoke/archive-smoke.ts';
import { smokeEntry, smokeRecords, smokeSummary } from '../smoke/smoke-entry.ts';
import { refusalOf } from './finding.ts';
import { notableFindings } from './notable-findings.ts';

const WINDOW_MINUTES = 15; // runbook 2.4

/**
 * Runbook 2.4: every engine replays the newest 15 recorded trading minutes in dry-run, through the artifact that was deployed in
 * this run; its orders stay inside the tolerance bands. Archived as `smoke.json`, and recorded whether it passed or not. Refuses
 * with `SmokeOutOfTolerance`, or `SmokeInconclusive` where too little was replayed to prove anything, and all findings.
 */
export async function runSmokeValidation(
  command: RunStep,
  ports: Ports,
): Promise<StepResult & { smokeDigest: string }> {
  const { strategyId, epoch } = command;
  const [run, { artifactDigest }] = await Promise.all([readRun(command, ports), readStrategy(strategyId, ports)]);
  const expected = { artifactDigest };
  const smoke = await archiveSmoke({ run, epoch, windowMinutes: WINDOW_MINUTES, expected }, ports);
  const gates = smoke.document.gates;
  const refusal = refusalOf(notableFindings(gates));
  const result = await runStep(
    command,
    'RunSmokeValidation',
    (state) => ({
      state,
      entries: [smokeEntry(run, smoke, gates)],
      records: smokeRecords(smoke),
      reply: {
        ...{ summary: smokeSummary(smoke.document), verdict: refusal ? 'no-go' : 'go' },
        smokeDigest: smoke.archived.hash,
      },
    }),
    ports,
  );
  if (refusal) throw refusal;
  return result;
}
