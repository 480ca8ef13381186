import { readStrategy } from '../change.ts';
import { ActorId } from '../ids.ts';
import type { GateResult } from '../launch/finding.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { carriedBy } from './carried-by.ts';
import { lookAtSafety, type RecoverPorts, refuseUnsafe } from './look-at-safety.ts';
import { recoveryStep, requireRecovery } from './require-recovery.ts';

/** Architecture section 6: all is safe, each thing a finding of its own. Refuses with every finding when one says no. */
export async function checkSafety(command: RunStep, ports: RecoverPorts): Promise<StepResult & GateResult> {
  const state = await readStrategy(command.strategyId, ports);
  const latch = requireRecovery(state, command);
  const carried = latch instanceof Refusal ? latch : await carriedBy(command, state, latch, ports);
  if (carried instanceof Refusal) throw carried;
  const gate = await lookAtSafety(command, carried, ports);
  const unsafe = refuseUnsafe(gate);
  if (unsafe) throw unsafe;
  return recoveryStep(
    command,
    'CheckSafety',
    (now) => ({
      state: now,
      entries: [
        {
          type: 'recovery.checked',
          actor: ActorId.parse('service:recover'),
          run: command.runId,
          payload: { findings: gate.findings },
        },
      ],
      reply: { ...gate },
    }),
    ports,
  );
}
