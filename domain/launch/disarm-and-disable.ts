import { change, readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';

const DEADLINE_MS = 2_000;

/**
 * Undoes 'Arm and enable', as much of it as happened: flag off and engines halted at once. Not fenced: switching off is
 * right at any epoch. An instance that cannot be reached is named, and its lease bounds it.
 */
export async function disarmAndDisable(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const order = {
    strategyId: command.strategyId,
    epoch: command.epoch,
    commandId: `${command.runId}/disarm`,
    reason: 'the launch was withdrawn',
  };
  const [flag, ...halts] = await Promise.allSettled([
    ports.flags.disable(registration.flag),
    ...enginesOf(registration).map((instance) => ports.engines.halt(instance, order, { deadlineMs: DEADLINE_MS })),
  ]);
  if (flag.status === 'rejected') throw flag.reason; // the machine tries again until the flag is off
  const unreachable = registration.engines
    .filter((_, index) => halts[index]?.status === 'rejected')
    .map(({ instanceId }) => instanceId);
  const changed = await change(
    command.strategyId,
    stepKey(command, 'DisarmAndDisable'),
    (state) => ({
      state: { ...state, flagVersion: Math.max(state.flagVersion, flag.value.version) },
      entries: [
        { type: 'launch.disarmed', actor: run.requestedBy, run: run.id, payload: { flag: flag.value, unreachable } },
      ],
      reply: {
        summary: `live.enabled = false, ${halts.length - unreachable.length} of ${halts.length} instances halted`,
        verdict: 'done' as const,
      },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
