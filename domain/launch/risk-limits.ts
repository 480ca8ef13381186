import * as z from 'zod';
import { StrategyId } from '../ids.ts';

export const LIMITS_KEY = 'configs/risk/limits.yaml';

/** The approved exposure of one strategy (runbook 1.4). Money in `currency`, leverage as a multiple, drawdown in bps. Unknown keys are refused. */
export const StrategyLimits = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3,5}$/),
  instruments: z.record(
    z.string(),
    z.strictObject({ maxNotional: z.number().positive(), maxPosition: z.number().positive() }),
  ),
  leverageCap: z.number().positive(),
  maxOrdersPerSec: z.number().positive(),
  killThresholds: z.strictObject({
    loss: z.number().positive(),
    drawdownBps: z.number().positive(),
    notional: z.number().positive(),
    leverage: z.number().positive(),
  }),
});
export type StrategyLimits = z.infer<typeof StrategyLimits>;

/** The whole of `configs/risk/limits.yaml`. */
export const RiskLimits = z.strictObject({ version: z.literal(1), strategies: z.record(StrategyId, StrategyLimits) });
export type RiskLimits = z.infer<typeof RiskLimits>;
