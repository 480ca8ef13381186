import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readStopping, stopStep } from './stop-step.ts';
import { tellEngines } from './tell-engines.ts';

/** Product decision 8: no new orders, cancels and closes go through. Instances that do not answer learn it from their next lease, or lose that. */
export async function reduceOnly(command: RunStep, ports: Ports): Promise<StepResult> {
  const { epoch } = await readStopping(command, ports);
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const order = { epoch, commandId: `${command.runId}/reduce-only`, mode: 'REDUCE_ONLY' as const };
  const unreachable = await tellEngines(registration, order, ports);
  return stopStep(
    command,
    'ReduceOnly',
    (state) => ({
      state,
      entries: [{ type: 'mode.reduce-only', actor: run.requestedBy, run: run.id, payload: { unreachable } }],
      reply: {
        summary:
          unreachable.length === 0
            ? 'every instance only reduces'
            : `not reached: ${unreachable.join(', ')}; their lease bounds them`,
        verdict: 'done' as const,
      },
    }),
    ports,
  );
}
