import { announce } from '../communications/announce.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

/** Product decision 9: tells everybody that the strategy is to be resumed. Refuses a machine started by hand, which has no recorded intent. Returns what later states pass on. */
export async function openResumption(command: RunStep, ports: Ports): Promise<RunStep & StepResult> {
  const { strategyId, runId, epoch } = command;
  const { requestedBy, request } = await readRun(command, ports);
  const reason = String(request['reason']);
  return runStep(
    command,
    'OpenResumption',
    (state) => ({
      state,
      entries: [{ type: 'resume.opened', actor: requestedBy, run: runId, payload: { epoch, reason } }],
      records: announce('resume-start', { strategyId, runId, reason }, ports.now()),
      reply: { strategyId, runId, epoch, summary: `announced the resumption of ${strategyId}`, verdict: 'done' },
    }),
    ports,
  );
}
