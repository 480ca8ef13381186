import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { recoveryStep } from './require-recovery.ts';

/** Product decision 10: begins the way back from a kill. Refuses a machine started by hand, which has no recorded intent. Returns what later states pass on. */
export async function openRecovery(command: RunStep, ports: Ports): Promise<RunStep & StepResult> {
  const { strategyId, runId, epoch } = command;
  const { requestedBy } = await readRun(command, ports);
  return recoveryStep(
    command,
    'OpenRecovery',
    (state, latch) => ({
      state,
      entries: [{ type: 'recovery.opened', actor: requestedBy, run: runId, payload: { recovers: latch.runId, epoch } }],
      reply: { strategyId, runId, epoch, summary: `${strategyId} is killed by ${latch.runId}`, verdict: 'done' },
    }),
    ports,
  );
}
