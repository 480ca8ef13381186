import { readStrategy } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readValidation } from './read-validation.ts';
import { refuseBusy } from './request-validation.ts';

/** Runbook 2.4 on its own. Refuses a machine started by hand, which has no recorded intent, and a strategy that was killed or is being stopped meanwhile. Returns what later states pass on. */
export async function openValidation(command: RunStep, ports: Ports): Promise<RunStep & StepResult> {
  const { run, request } = await readValidation(command, ports);
  const refusal = refuseBusy(await readStrategy(run.strategyId, ports));
  if (refusal) throw refusal;
  const { id: runId, strategyId, epoch } = run;
  const summary = `${strategyId} replays ${request.windowMinutes} recorded minutes in dry-run`;
  return { strategyId, runId, epoch, summary, verdict: 'done' };
}
