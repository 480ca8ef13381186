import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

const DEADLINE_MS = 2_000;

/** Product decision 8: no new orders, cancels and closes go through. Instances that do not answer learn it from their next lease, or lose that. */
export async function reduceOnly(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const order = {
    strategyId: command.strategyId,
    epoch: command.epoch,
    commandId: `${command.runId}/reduce-only`,
    mode: 'REDUCE_ONLY' as const,
  };
  const answers = await Promise.allSettled(
    enginesOf(registration).map((instance) => ports.engines.mode(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  const unreachable = registration.engines
    .filter((_, index) => answers[index]?.status === 'rejected')
    .map(({ instanceId }) => instanceId);
  return runStep(
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
        verdict: 'done',
      },
    }),
    ports,
  );
}
