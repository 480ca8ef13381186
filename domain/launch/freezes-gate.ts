import { coveringFreezes, type FreezePorts } from '../freeze/covering-freezes.ts';
import type { OverridePorts } from '../override/standing-overrides.ts';
import { gateWithOverrides } from '../override/with-overrides.ts';
import type { RunStep } from '../run-step.ts';
import { checkFreezes } from './check-freezes.ts';
import { type GateResult, gateResult } from './finding.ts';

/**
 * Freezes of every source that cover the strategy (product decision 11), looked at whenever it is about to do something riskier. One that
 * an override lets pass is a warning here, for everybody who looks.
 */
export async function freezesGate(
  run: Pick<RunStep, 'strategyId'>,
  ports: FreezePorts & OverridePorts,
): Promise<GateResult> {
  const freezes = await coveringFreezes(run.strategyId, ports);
  return gateWithOverrides(gateResult('freezes', checkFreezes(freezes, ports.now())), run, ports);
}
