import type { Ports } from '../ports/ports.ts';
import type { RunStep } from '../run-step.ts';
import { checkFreezes } from './check-freezes.ts';
import { type GateResult, gateResult } from './finding.ts';

/** Freezes of every source, looked at again when the run is under way (product decision 11). */
export const freezesGate = async (_run: RunStep, { records, now }: Ports): Promise<GateResult> =>
  gateResult('freezes', checkFreezes(await records.all('FREEZE'), now()));
