import { change, readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';

/** Runbook 4.2 and 5.1: flips `live.enabled` to false, always writing and winning over any deployment in flight, and captures the resulting audit event. Not fenced. */
export async function disableLive(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const flag = await ports.flags.disable(registration.flag);
  const audit = await writeRunEvidence(
    run,
    'flag-off.json',
    { run: run.id, strategy: command.strategyId, flag: registration.flag, deployment: flag },
    ports,
  );
  const changed = await change(
    command.strategyId,
    stepKey(command, 'DisableLive'),
    (state) => ({
      state: { ...state, flagVersion: Math.max(state.flagVersion, flag.version) },
      entries: [{ type: 'flag.disabled', actor: run.requestedBy, run: run.id, payload: { flag, audit } }],
      reply: {
        summary: `live.enabled = false (version ${flag.version}, deployment ${flag.deployment})`,
        verdict: 'done' as const,
      },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
