import { change } from '../change.ts';
import { refusalOf } from '../launch/finding.ts';
import { notableFindings } from '../launch/notable-findings.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { readSmoke } from '../smoke/read-smoke.ts';
import { smokeEntry, smokeRecords, smokeSummary } from '../smoke/smoke-entry.ts';
import { readValidation } from './read-validation.ts';

/** Runbook 2.4: records what the replay showed, passed or not, and refuses with every finding when it did not. Changes nothing of the strategy. */
export async function recordValidation(command: RunStep, ports: Ports): Promise<StepResult> {
  const { run } = await readValidation(command, ports);
  const smoke = await readSmoke(run, ports);
  if (!smoke) throw new Refusal('SmokeInconclusive', `${run.id} has replayed nothing`, 'validate again');
  const summary = smokeSummary(smoke.document);
  const { gates } = smoke.document;
  const refusal = refusalOf(notableFindings(gates));
  const changed = await change<StepResult>(
    run.strategyId,
    stepKey(command, 'RecordValidation'),
    (state) => ({
      state,
      entries: [smokeEntry(run, smoke, gates)],
      records: [{ kind: 'RUN', record: { ...run, summary } }, ...smokeRecords(smoke)],
      reply: { summary, verdict: refusal ? 'no-go' : 'go' },
    }),
    ports,
  );
  if (refusal)
    throw new Refusal(refusal.code, refusal.message, 'mend what the findings name, then validate again', refusal.facts);
  return withLedgerIndex(changed);
}
