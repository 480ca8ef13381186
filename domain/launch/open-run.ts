import { announce } from '../communications/announce.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

/** Runbook 6, first row: tells everybody that the launch begins. Refuses a machine started by hand, which has no recorded intent. Returns what later states pass on. */
export async function openRun(command: RunStep, ports: Ports): Promise<RunStep & StepResult> {
  const { strategyId, runId, epoch } = command;
  const { requestedBy } = await readRun(command, ports);
  return runStep(
    command,
    'OpenRun',
    (state) => ({
      state,
      entries: [{ type: 'launch.opened', actor: requestedBy, run: runId, payload: { epoch } }],
      records: announce('launch-start', { strategyId, runId }, ports.now()),
      reply: { strategyId, runId, epoch, summary: `announced the launch of ${strategyId}`, verdict: 'done' },
    }),
    ports,
  );
}
