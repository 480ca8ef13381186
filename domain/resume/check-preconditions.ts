import { freezesGate } from '../launch/freezes-gate.ts';
import { marketReadinessGate } from '../launch/market-readiness-gate.ts';
import { requirePreconditions } from '../launch/require-preconditions.ts';
import { riskEnvelopeGate } from '../launch/risk-envelope-gate.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { changeStandsGate } from './change-stands-gate.ts';

/**
 * Runbook 1 for a resumption: the change is approved still, the stored limits are the approved ones, no freeze stands, and the markets
 * are open. CI is not looked at again: nothing is deployed. Records every finding in one entry, and refuses with the first no.
 */
export async function checkPreconditions(command: RunStep, ports: Ports): Promise<StepResult> {
  const gates = await Promise.all([
    changeStandsGate(command, ports),
    riskEnvelopeGate(command, ports),
    freezesGate(command, ports),
    marketReadinessGate(command, ports),
  ]);
  return requirePreconditions({ ...command, gates }, ports);
}
