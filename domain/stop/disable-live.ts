import { change, readRegistration, readStrategy } from '../change.ts';
import type { FlagReading } from '../ports/flags.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';

const NOT_READ: FlagReading = { live: undefined, version: undefined };

/**
 * Runbook 4.2 and 5.1: flips `live.enabled` to false, always writing and winning over any deployment in flight, and captures the resulting audit
 * event: what it was before and is now, by which version and deployment, who did it and when. Not fenced. A kill does not look at the
 * flag before it writes; `was` is what readers got until now, where somebody has looked.
 */
export async function disableLive(command: RunStep, ports: Ports, was: FlagReading = NOT_READ): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const flag = await ports.flags.disable(registration.flag);
  const state = await readStrategy(command.strategyId, ports);
  const before = { live: was.live ?? null, version: was.version ?? state.flagVersion };
  const after = { live: false, version: flag.version };
  const by = { actor: run.requestedBy, at: flag.at };
  const audit = await writeRunEvidence(
    run,
    'flag-off.json',
    { run: run.id, strategy: command.strategyId, flag: registration.flag, deployment: flag, before, after, by },
    ports,
  );
  const changed = await change(
    command.strategyId,
    stepKey(command, 'DisableLive'),
    (now) => ({
      state: { ...now, flagVersion: Math.max(now.flagVersion, flag.version) },
      entries: [{ type: 'flag.disabled', actor: run.requestedBy, run: run.id, payload: { flag, before, audit } }],
      reply: {
        summary: `live.enabled = false (version ${flag.version}, deployment ${flag.deployment})`,
        verdict: 'done' as const,
      },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
