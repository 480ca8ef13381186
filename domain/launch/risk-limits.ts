import * as z from 'zod';
import { StrategyId } from '../ids.ts';

export const LIMITS_KEY = 'configs/risk/limits.yaml';

const MOST_INSTRUMENTS = 1_000;
const MOST = 1e15; // beyond it a number of money or units is a slip of the keyboard

/** A cap: above zero, finite, and no slip of the keyboard. */
const Cap = z.number().positive().max(MOST);

const INSTRUMENT = /^[A-Z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** The approved exposure of one strategy (runbook 1.4). Money in `currency`, leverage as a multiple, drawdown in bps. Unknown keys are refused, and caps that a kill threshold lies below. */
export const StrategyLimits = z
  .strictObject({
    currency: z.string().regex(/^[A-Z]{3,5}$/, 'a currency is 3 to 5 capital letters'),
    instruments: z
      .record(z.string(), z.strictObject({ maxNotional: Cap, maxPosition: Cap }))
      .refine((all) => Object.keys(all).length > 0, 'name at least one instrument: what is not listed is not traded')
      .refine((all) => Object.keys(all).length <= MOST_INSTRUMENTS, `at most ${MOST_INSTRUMENTS} instruments`),
    leverageCap: Cap,
    maxOrdersPerSec: Cap,
    killThresholds: z.strictObject({
      loss: Cap,
      drawdownBps: z.number().positive().max(10_000),
      notional: Cap,
      leverage: Cap,
    }),
  })
  .superRefine(({ instruments, leverageCap, killThresholds }, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const [name, { maxNotional }] of Object.entries(instruments)) {
      if (!INSTRUMENT.test(name))
        refuse(['instruments', name], 'an instrument is 1 to 64 of A-Z, a-z, 0-9 and ._:/-, like BTC-USD');
      if (maxNotional > killThresholds.notional)
        refuse(
          ['instruments', name, 'maxNotional'],
          `${maxNotional} is above killThresholds.notional, ${killThresholds.notional}: a position that is allowed would kill the strategy`,
        );
    }
    if (leverageCap > killThresholds.leverage)
      refuse(['leverageCap'], `${leverageCap} is above killThresholds.leverage, ${killThresholds.leverage}`);
  });
export type StrategyLimits = z.infer<typeof StrategyLimits>;

/** The whole of `configs/risk/limits.yaml`. */
export const RiskLimits = z.strictObject({ version: z.literal(1), strategies: z.record(StrategyId, StrategyLimits) });
export type RiskLimits = z.infer<typeof RiskLimits>;
