import { readRegistration, readStrategy } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { leaseId } from '../lease/lease.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

/** "Live" is said only when readers of the flag see it and every instance holds an ACTIVE lease of this epoch; until then the state is tried again. */
export async function confirmLive(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, state, run] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readStrategy(command.strategyId, ports),
    readRun(command, ports),
  ]);
  const flag = await ports.flags.read(registration.flag, state.flagVersion);
  const leases = await Promise.all(
    registration.engines.map(({ instanceId }) => ports.records.get('LEASE', leaseId(command.strategyId, instanceId))),
  );
  const active = leases.filter(
    (lease) =>
      lease?.grantedMode === 'ACTIVE' && lease.epoch === command.epoch && lease.expiresAt > ports.now().toISOString(),
  );
  if (flag.live !== true || active.length < registration.engines.length) {
    throw new Refusal(
      'NotConfirmedLive',
      `${active.length} of ${registration.engines.length} instances hold an ACTIVE lease, live.enabled reads ${flag.live}`,
      'look at the engines and their leases',
    );
  }
  return runStep(
    command,
    'ConfirmLive',
    (now) => ({
      state: now,
      entries: [
        {
          type: 'launch.live',
          actor: run.requestedBy,
          run: run.id,
          payload: { flag, leases: active.map((lease) => lease?.id) },
        },
      ],
      records: announce('launch-live', { strategyId: command.strategyId, runId: run.id }, ports.now()),
      reply: { summary: `${command.strategyId} is live on ${active.length} instances`, verdict: 'done' },
    }),
    ports,
  );
}
