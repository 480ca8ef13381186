import { approvalId } from '../approval/open-approval.ts';
import { readStrategy } from '../change.ts';
import type { GoNoGoPorts } from '../launch/collect-evidence.ts';
import { finding, type GateResult, gateResult, refusalOf } from '../launch/finding.ts';
import type { RunStep } from '../run-step.ts';
import { changeStandsGate, LOADED } from './change-stands-gate.ts';

/** What two people signed is what would be resumed now (product decision 14). Throws the refusal of what has changed since. */
export async function requireStanding(command: RunStep, ports: Omit<GoNoGoPorts, 'governance'>): Promise<void> {
  const refusal = refusalOf([await changeStandsGate(command, ports), await signedGate(command, ports)]);
  if (refusal) throw refusal;
}

/** The digests that were signed are those of the strategy that would be armed. */
async function signedGate(
  command: RunStep,
  { records, strategies, now }: Pick<GoNoGoPorts, 'records' | 'strategies' | 'now'>,
): Promise<GateResult> {
  const id = approvalId(command, 'resume');
  const [approval, state] = await Promise.all([
    records.get('APPROVAL', id),
    readStrategy(command.strategyId, { strategies }),
  ]);
  const evidence = { source: `approval ${id}`, observedAt: now().toISOString() };
  const findings = LOADED.map((name) => {
    const [signed, loaded] = [String(approval?.document[name] ?? 'nothing'), state[name] ?? 'nothing'];
    return finding(signed === loaded, 'PlanChanged', {
      ...{ check: `signed.${name}`, expected: signed, actual: loaded, evidence },
    });
  });
  return gateResult('what was signed', findings);
}
