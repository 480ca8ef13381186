import { readRegistration, readStrategy } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { disableLive } from './disable-live.ts';

/** Runbook 4.2: looks at what readers of the flag get until now, then flips it. Where nobody can say what that is, it is not known, and holds nothing up. */
export async function disableLiveOfStop(command: RunStep, ports: Ports): Promise<StepResult> {
  const [{ flag }, { flagVersion }] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readStrategy(command.strategyId, ports),
  ]);
  const was = await ports.flags.read(flag, flagVersion).catch(() => undefined);
  return disableLive(command, ports, was);
}
