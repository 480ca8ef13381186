import type { StrategyId } from '../ids.ts';
import type { OverrideInUse } from '../plan/plan.ts';
import { type OverridePorts, standingOverrides } from './standing-overrides.ts';

/** The overrides that a launch would pass by, as its plan lists them: whoever signs the plan sees them, and who signed one may not sign the plan. */
export const overridesInUse = async (strategyId: StrategyId, ports: OverridePorts): Promise<OverrideInUse[]> =>
  (await standingOverrides(strategyId, ports)).map(({ id, findings, reason, expiresAt, signers }) => ({
    ...{ id, reason, expiresAt, checks: findings.map(({ check }) => check), signers: [...signers] },
  }));
