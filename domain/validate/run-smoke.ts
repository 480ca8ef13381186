import { readStrategy } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { archiveSmoke } from '../smoke/archive-smoke.ts';
import { smokeSummary } from '../smoke/smoke-entry.ts';
import { readValidation } from './read-validation.ts';
import { refuseBusy } from './request-validation.ts';

/**
 * Runbook 2.4: every engine replays the newest recorded trading minutes through whatever is deployed there; `smoke.json` says which
 * artifact that was. Asked for at the epoch of now: a replay belongs to no launch, so that nothing fences it and it fences nothing.
 */
export async function runSmoke(command: RunStep, ports: Ports): Promise<StepResult & { smokeDigest: string }> {
  const { run, request } = await readValidation(command, ports);
  const state = await readStrategy(run.strategyId, ports);
  const refusal = refuseBusy(state);
  if (refusal) throw refusal;
  const { windowMinutes } = request;
  const smoke = await archiveSmoke({ run, epoch: state.epoch, windowMinutes, expected: {} }, ports);
  return {
    summary: smokeSummary(smoke.document),
    verdict: smoke.document.verdict === 'passed' ? 'go' : 'no-go',
    smokeDigest: smoke.archived.hash,
  };
}
