import { readRegistration, readStrategy } from '../change.ts';
import type { GateResult } from '../launch/finding.ts';
import type { RunStep } from '../run-step.ts';
import { applyOverrides } from './apply-overrides.ts';
import { type OverridePorts, standingOverrides } from './standing-overrides.ts';

type About = Pick<RunStep, 'strategyId'>;

/** What gates say of a strategy once its overrides are taken in: for every step that lets it go on or not, and for its plan. */
export const withOverrides = (
  gates: readonly GateResult[],
  about: About,
  ports: OverridePorts,
): Promise<GateResult[]> => Promise.all(gates.map((gate) => gateWithOverrides(gate, about, ports)));

/** The same for one gate. Overrides are looked for only where one could help. */
export async function gateWithOverrides(gate: GateResult, about: About, ports: OverridePorts): Promise<GateResult> {
  if (gate.findings.every(({ verdict, hard }) => verdict !== 'no-go' || hard)) return gate;
  const { strategyId } = about;
  const [{ environment }, { epoch }, overrides] = await Promise.all([
    readRegistration(strategyId, ports),
    readStrategy(strategyId, ports),
    standingOverrides(strategyId, ports),
  ]);
  return applyOverrides(gate, overrides, { strategyId, environment, epoch, now: ports.now() });
}
