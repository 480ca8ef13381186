import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { ActorId } from '../ids.ts';
import { pushHalt } from '../kill/push-halt.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readSafe, safeModeStep } from './safe-mode-step.ts';

const DEADLINE_MS = 2_000;

/** Runbook 5.2.1: the halt once more, at the epoch as it is now. It is latched in every instance that hears it; the lease of the others says SAFE, or ends. */
export async function repeatHalt(command: RunStep, ports: Ports): Promise<StepResult> {
  const { epoch, safeMode } = await readSafe(command, ports);
  const registration = await readRegistration(command.strategyId, ports);
  const order = { commandId: `${command.runId}/halt`, epoch, reason: safeMode.reason };
  const instances = await pushHalt(enginesOf(registration), order, DEADLINE_MS, ports);
  const missing = instances.filter(({ status }) => status !== 'halted').map(({ instanceId }) => instanceId);
  return safeModeStep(
    command,
    'RepeatHalt',
    (state) => ({
      state,
      entries: [
        {
          type: 'safe-mode.halted',
          actor: ActorId.parse('service:safe-mode'),
          run: command.runId,
          payload: { instances },
        },
      ],
      reply: {
        summary:
          missing.length === 0
            ? `${instances.length} of ${instances.length} instances are halted`
            : `not reached, bounded by their lease: ${missing.join(', ')}`,
        verdict: 'done' as const,
      },
    }),
    ports,
  );
}
